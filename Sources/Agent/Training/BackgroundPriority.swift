import Glibc

/// A training leaves the processor to the stream.
enum BackgroundPriority {
    /// Of 0 (usual) to 19: where both want one core, the scheduler gives about a tenth of it to a thread this nice.
    static let niceness: Int32 = 10

    /// Lowers the calling thread and the threads that it starts from now on: on Linux the priority is that of a thread, and
    /// is handed down. It cannot be raised again.
    static func take() {
        // It can only fail for a thread that is nicer already.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, max(niceness, current))
    }

    /// Of the calling thread.
    static var current: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
}
