namespace MartenEventing.Security;

/// <summary>What a role has to do with a store; <c>mt_role_rights(kind)</c> lists what each needs.</summary>
public enum RoleKind
{
    /// <summary>Appends, archives and projects, as a Marten application or this library's store.</summary>
    App,

    /// <summary>
    /// Looks after partitions, retention, archives and the schema, as a member of the role that owns the store.
    /// </summary>
    Maintainer,

    /// <summary>Reads events, streams and the published views.</summary>
    Reader,

    /// <summary>Reads what was removed, archived, held and applied, and no events.</summary>
    Auditor,

    /// <summary>Places and lifts legal holds, and reads no events.</summary>
    Legal,
}
