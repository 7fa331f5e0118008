namespace MartenEventing.S3.Tests;

/// <summary>What may go wrong with a request.</summary>
internal enum S3Failure
{
    None,

    /// <summary>500 InternalError; nothing is done.</summary>
    Internal,

    /// <summary>503 SlowDown; nothing is done.</summary>
    SlowDown,

    /// <summary>The connection is cut before anything is done.</summary>
    CutBefore,

    /// <summary>The request is carried out, and the connection cut before the answer.</summary>
    CutAfter,

    /// <summary>The connection is cut in the midst of the answer.</summary>
    CutWithin,
}
