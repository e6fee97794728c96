import Foundation

/// A bounded queue between two threads. A full queue makes the sender wait: that is the back-pressure.
///
/// `@unchecked Sendable`: every access to `items` and `isClosed` happens with `condition` locked.
final class Mailbox<Message: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private var items: [Message] = []
    private var isClosed = false

    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// Adds a message, waiting while the queue is full. Returns false if the queue has been closed.
    @discardableResult
    func send(_ message: Message) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while items.count >= capacity, !isClosed { condition.wait() }
        guard !isClosed else { return false }
        items.append(message)
        condition.broadcast()
        return true
    }

    /// Adds a message even to a full queue. For the few that must not wait: control messages, whose number is bounded
    /// by their senders.
    @discardableResult
    func sendUrgently(_ message: Message) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        items.append(message)
        condition.broadcast()
        return true
    }

    /// All messages waiting, in order; waits for the first one up to `timeout`. Empty after a time-out; `nil` once the
    /// queue is closed and drained.
    func receive(timeout seconds: Double) -> [Message]? {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: seconds)
        while items.isEmpty {
            if isClosed { return nil }
            guard condition.wait(until: deadline) else { return items.isEmpty ? [] : take() }
        }
        return take()
    }

    /// Messages waiting now.
    var count: Int {
        condition.lock()
        defer { condition.unlock() }
        return items.count
    }

    /// Refuses further messages; those waiting are still received.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    private func take() -> [Message] {
        let taken = items
        items.removeAll(keepingCapacity: true)
        condition.broadcast()
        return taken
    }
}
