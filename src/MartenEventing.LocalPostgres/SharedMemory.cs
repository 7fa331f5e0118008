using System.Globalization;
using System.Runtime.InteropServices;

namespace MartenEventing.LocalPostgres;

/// <summary>The System V shared memory of a server, which outlives the server when that is killed.</summary>
internal static class SharedMemory
{
    private const string List = "/proc/sysvipc/shm";
    private const int RemoveId = 0; // IPC_RMID

    /// <summary>Removes it if it is certainly that server's, and nothing is attached to it any more.</summary>
    public static void Remove(PostmasterFile server)
    {
        if (!File.Exists(List))
            return;
        var isLeft = File.ReadLines(List).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields is [_, var id, _, _, var creator, _, "0", ..]
                && IsNumber(id, server.SharedMemoryId) && IsNumber(creator, server.ProcessId));
        if (isLeft)
            _ = Control(server.SharedMemoryId, RemoveId, IntPtr.Zero);
    }

    private static bool IsNumber(string text, int number) => text == number.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "shmctl")]
    private static extern int Control(int id, int command, IntPtr buffer);
}
