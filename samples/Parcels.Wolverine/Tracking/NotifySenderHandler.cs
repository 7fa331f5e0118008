using Marten;
using Wolverine.Marten;

namespace Parcels.Api.Tracking;

/// <summary>
/// Stands for a mail server: keeps what the sender would have been sent. A message that comes twice overwrites the same
/// notice.
/// </summary>
public static class NotifySenderHandler
{
    /// <summary>Keeps the notice.</summary>
    public static IMartenOp Handle(NotifySender message) => MartenOps.Store(new SenderNotice
    {
        Id = message.ParcelId,
        Sender = message.Sender,
        Text = $"Your parcel was delivered at {message.DeliveredAt:u}; {message.SignedBy} signed for it.",
    });
}
