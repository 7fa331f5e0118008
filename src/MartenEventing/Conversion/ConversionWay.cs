namespace MartenEventing.Conversion;

/// <summary>How a plain store becomes partitioned.</summary>
public enum ConversionWay
{
    /// <summary>No row is copied: the plain table becomes the head partition, which is then cut into periods.</summary>
    Attach,

    /// <summary>
    /// A partitioned copy is made beside the plain table, both are written for a while, and the way back is a switch
    /// until the conversion is completed. Needs the room twice.
    /// </summary>
    Shadow,
}
