using Microsoft.Extensions.Logging;

namespace MartenEventing.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(60, LogLevel.Information,
        "Wrote the partition archive {Archive}: {Events} events in {Bytes} bytes, in {Location}")]
    public static partial void ArchiveWritten(ILogger logger, string archive, long events, long bytes, string location);

    [LoggerMessage(61, LogLevel.Information, "Restored {Events} events of {Archive} into {Target}")]
    public static partial void ArchiveRestored(ILogger logger, string archive, long events, string target);

    [LoggerMessage(62, LogLevel.Information, "Goes on with {Archive} behind file {Files}, where it was broken off")]
    public static partial void RestoreGoesOn(ILogger logger, string archive, int files);

    [LoggerMessage(65, LogLevel.Information,
        "Begins {Archive} anew: what was loaded of it was made for tables that have been altered since")]
    public static partial void RestoreBeginsAnew(ILogger logger, string archive);

    [LoggerMessage(63, LogLevel.Warning, "{Archive}: {Table} does not exist here, its {Rows} rows were left out")]
    public static partial void TableLeftOut(ILogger logger, string archive, string table, long rows);
}
