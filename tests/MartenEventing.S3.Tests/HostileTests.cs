using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.S3.Tests;

public sealed class HostileTests : HostileContract<BucketPlace>;
