namespace Parcels.Tracking;

/// <summary>A command that makes sense, but not for this parcel as it is.</summary>
/// <param name="rule">The rule, as a word for programs.</param>
/// <param name="parcelId">The parcel.</param>
/// <param name="message">What is wrong, for people.</param>
public abstract class ParcelRuleException(string rule, Guid parcelId, string message) : Exception(message)
{
    /// <summary>The rule, as a word for programs: it stays when the message is worded anew.</summary>
    public string Rule { get; } = rule;

    /// <summary>The parcel.</summary>
    public Guid ParcelId { get; } = parcelId;
}
