using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Tests;

/// <summary>What a command finds around it.</summary>
public sealed record Surroundings
{
    public Dictionary<string, string> Variables { get; init; } = [];

    /// <summary>What is typed when a command asks; with nothing to type there is no terminal.</summary>
    public string Answers { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public LocalPostgresOptions LocalPostgres { get; init; } = new() { RootDirectory = "/nowhere" };
}
