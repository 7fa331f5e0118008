using System.Diagnostics;

namespace MartenEventing.LocalPostgres;

/// <summary>A program with its arguments, not yet run.</summary>
internal sealed record Command(string Program, params string[] Arguments)
{
    /// <summary>The folder it runs in. Default: ours.</summary>
    public string? WorkingDirectory { get; init; }

    public ProcessStartInfo ToStartInfo(bool redirect) => new(Program, Arguments)
    {
        WorkingDirectory = WorkingDirectory ?? "",
        UseShellExecute = false,
        CreateNoWindow = true,
        RedirectStandardInput = redirect,
        RedirectStandardOutput = redirect,
        RedirectStandardError = redirect,
    };
}
