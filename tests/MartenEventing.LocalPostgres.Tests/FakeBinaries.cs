namespace MartenEventing.LocalPostgres.Tests;

/// <summary>Bin folders whose programs only know their version.</summary>
internal static class FakeBinaries
{
    public static string Create(string folder, string version, params string[] without)
    {
        Directory.CreateDirectory(folder);
        foreach (var program in PostgresBinaries.Programs.Except(without))
        {
            var path = Path.Combine(folder, program);
            File.WriteAllText(path, $"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n");
            TestFolder.SetMode(path, 0b111_101_101);
        }

        return folder;
    }
}
