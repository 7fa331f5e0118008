using Microsoft.Extensions.Options;

namespace MartenEventing.Hosting;

/// <summary>Checks the options when the host starts.</summary>
internal sealed class PartitionMaintenanceOptionsValidation : IValidateOptions<PartitionMaintenanceOptions>
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);

    public ValidateOptionsResult Validate(string? name, PartitionMaintenanceOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrEmpty(options.SchemaName))
            failures.Add(Failure(nameof(options.SchemaName), options.SchemaName, "the name of a schema"));
        if (options.Interval < ShortestInterval || options.Interval > LongestInterval)
        {
            var allowed = $"{ShortestInterval:c} to {LongestInterval:c}";
            failures.Add(Failure(nameof(options.Interval), options.Interval, allowed));
        }

        if (options.RetentionInterval < TimeSpan.FromMinutes(1) || options.RetentionInterval > TimeSpan.FromDays(31))
            failures.Add(
                Failure(nameof(options.RetentionInterval), options.RetentionInterval, "00:01:00 to 31.00:00:00"));

        try
        {
            options.Partitions.Validated();
            options.Retention?.Validated(beside: options.Partitions);
        }
        catch (ArgumentException error)
        {
            failures.Add(error.Message);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Failure(string option, object? value, string allowed) =>
        $"{nameof(PartitionMaintenanceOptions)}.{option} is \"{value}\". Allowed: {allowed}.";
}
