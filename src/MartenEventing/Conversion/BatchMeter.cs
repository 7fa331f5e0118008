using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>Tells how many events have been moved, how many are left, and how long that takes.</summary>
internal sealed class BatchMeter(PoliteSession session, string step, long total, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private long _done;

    public void Add(long moved)
    {
        _done += moved;
        var left = Math.Max(total - _done, 0);
        TimeSpan? timeLeft = _done == 0 ? null : time.GetElapsedTime(_began) * ((double)left / _done);
        session.Report(new StepProgress(step, null, _done, left, timeLeft));
    }
}
