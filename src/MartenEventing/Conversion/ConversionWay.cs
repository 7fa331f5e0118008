namespace MartenEventing.Conversion;

/// <summary>How a plain store becomes partitioned.</summary>
public enum ConversionWay
{
    /// <summary>No row is copied: the plain table becomes the head partition, which is then cut into periods.</summary>
    Attach,
}
