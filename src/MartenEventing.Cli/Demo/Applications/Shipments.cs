namespace MartenEventing.Cli.Demo.Applications;

// The events of the parcel service as a Marten application has them; Marten's aliases are those of the generated ones.
internal sealed record ParcelRegistered(string From, string To);

internal sealed record ParcelScanned(string Depot, int Belt);

internal sealed record ParcelOutForDelivery(string Depot, int Attempt);

internal sealed record ParcelDelivered(string ReceivedBy, int Attempt);
