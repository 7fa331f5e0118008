namespace Parcels.Api.Problems;

/// <summary>What is said of something that is not there. <c>{Id}</c> becomes the id asked for.</summary>
public static class Missing
{
    /// <summary>Of a parcel.</summary>
    public const string Parcel = "There is no parcel {Id}.";

    /// <summary>Of a depot.</summary>
    public const string Depot = "There is no depot {Id}.";

    /// <summary>Of a notice.</summary>
    public const string Notice = "Nobody was told of parcel {Id} so far.";
}
