using System.Runtime.CompilerServices;
using MartenEventing.Containers;
using MartenEventing.Tests.Postgres;

namespace MartenEventing.Tests;

/// <summary>Has the tests that this file is compiled into look for a container first.</summary>
internal static class UseContainers
{
    [ModuleInitializer]
    internal static void Install() => PostgresServer.Elsewhere = ContainerServer.ConnectionStringAsync;
}
