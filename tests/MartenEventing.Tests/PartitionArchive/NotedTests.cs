using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

public sealed class NotedTests : NotedContract<FolderPlace>;
