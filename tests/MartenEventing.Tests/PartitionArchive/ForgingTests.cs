using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

public sealed class ForgingTests : ForgingContract<FolderPlace>;
