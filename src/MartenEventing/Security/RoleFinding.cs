namespace MartenEventing.Security;

/// <summary>A right that a role should have and was not given, or has and should not.</summary>
/// <param name="Role">The role.</param>
/// <param name="IsMissing">True: it was not given to the role. False: the role has it, by whatever way.</param>
/// <param name="Class">What the object is: schema, table, sequence, function or role.</param>
/// <param name="Object">The object, as SQL names it.</param>
/// <param name="Privilege">The right, as GRANT names it; MEMBER, INHERIT or SUPERUSER of a role.</param>
public sealed record RoleFinding(string Role, bool IsMissing, string Class, string Object, string Privilege);
