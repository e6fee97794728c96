import Foundation

/// How far the running agent has come, for whoever has to wait for it: the demonstration and tests.
///
/// `@unchecked Sendable`: every access to the stored values happens with `condition` locked.
public final class AgentStatus: @unchecked Sendable {
    private let condition = NSCondition()
    private var handled: Int64 = 0
    private var work = 0
    private var stopped: (any Error)?
    private var isStopped = false

    /// Records that have gone through the whole path, from decoding to the coordinator.
    public var handledRecords: Int64 { locked { handled } }

    /// Waits until `records` records have been handled, and nothing that they started is still at work: no training,
    /// no publication. Throws what stopped the agent, if that happens first; false after `timeout` seconds.
    public func waitUntilHandled(_ records: Int64, timeout seconds: Double) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while handled < records || work > 0 {
            if let stopped { throw stopped }
            if isStopped { return handled >= records && work == 0 }
            guard condition.wait(until: deadline) else { return false }
        }
        return true
    }

    /// Waits until the agent has stopped; throws the error that stopped it.
    public func waitUntilStopped(timeout seconds: Double) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            guard condition.wait(until: deadline) else { return false }
        }
        if let stopped { throw stopped }
        return true
    }

    func add(handled records: Int64) { locked { handled += records } }
    func beginWork() { locked { work += 1 } }
    func endWork() { locked { work -= 1 } }

    func stop(with error: (any Error)?) {
        locked {
            isStopped = true
            stopped = stopped ?? error
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
