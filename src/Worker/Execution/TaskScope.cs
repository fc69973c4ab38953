namespace Weft.Worker;

/// <summary>
/// Which slot's thread the present code belongs to, through any awaits and threads of its own. Set once for a thread, not for each task:
/// what runs on it is the thread's to tell.
/// </summary>
internal static class TaskScope
{
    private static readonly AsyncLocal<SlotThread?> Slot = new();

    public static SlotThread? Current => Slot.Value;

    public static void Enter(SlotThread thread) => Slot.Value = thread;
}
