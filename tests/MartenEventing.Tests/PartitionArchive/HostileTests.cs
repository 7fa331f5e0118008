using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

public sealed class HostileTests : HostileContract<FolderPlace>;
