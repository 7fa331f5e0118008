namespace MartenEventing.Retention;

/// <summary>In what an age is counted; calendar units of UTC.</summary>
public enum RetentionUnit
{
    /// <summary>Days: <c>d</c>.</summary>
    Day,

    /// <summary>Weeks: <c>w</c>.</summary>
    Week,

    /// <summary>Months: <c>mo</c>.</summary>
    Month,

    /// <summary>Years: <c>y</c>.</summary>
    Year,
}
