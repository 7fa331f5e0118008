namespace MartenEventing.Schema;

/// <summary>Whether tenants share the streams of a store.</summary>
public enum EventTenancy
{
    /// <summary>A stream's id is unique in the store; the default.</summary>
    Single,

    /// <summary>
    /// A stream's id is unique within its tenant, as with Marten's <c>TenancyStyle.Conjoined</c>: the same id may name
    /// a stream in each of several tenants.
    /// </summary>
    Conjoined,
}
