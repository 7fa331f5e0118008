using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.S3.Tests;

public sealed class ForgingTests : ForgingContract<BucketPlace>;
