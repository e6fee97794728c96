import CRdKafka
import Dispatch
import Foundation
import Synchronization

/// Owns a client of the library, and ends it only when no message of it is alive any more.
///
/// `rd_kafka_destroy` waits without end for messages that somebody still holds, so batches are counted as loans: the
/// client is destroyed on a thread of its own when it is closed and the last loan is back, whichever comes last.
///
/// `@unchecked Sendable`: the library's client is safe to use from any thread, the counts are behind the `Mutex`.
final class ClientHandle: @unchecked Sendable {
    private enum Stage { case open, closing, destroying }
    private struct State {
        var loans = 0
        var stage = Stage.open

        /// Whether the caller is the one that has to destroy the client.
        mutating func startsDestruction() -> Bool {
            guard stage == .closing, loans == 0 else { return false }
            stage = .destroying
            return true
        }
    }

    let client: OpaquePointer
    /// Lives at least as long as the client, whose callbacks point to it.
    let callbacks: ClientCallbacks
    private let state = Mutex(State())
    private let isDestroyed = DispatchSemaphore(value: 0)

    init(takingOwnership client: OpaquePointer, callbacks: ClientCallbacks) {
        self.client = client
        self.callbacks = callbacks
    }

    deinit {
        guard state.withLock({ $0.stage != .destroying }) else { return }
        Self.destroy(client, callbacks: callbacks, then: isDestroyed)
    }

    /// A batch of messages goes out.
    func lend() { state.withLock { $0.loans += 1 } }

    /// The client for a call from any thread, or `nil` when it is closed; pair with ``giveBack()``.
    func borrowIfOpen() -> OpaquePointer? {
        let isOpen = state.withLock { state in
            guard state.stage == .open else { return false }
            state.loans += 1
            return true
        }
        return isOpen ? client : nil
    }

    func borrow() throws(KafkaError) -> OpaquePointer {
        guard let client = borrowIfOpen() else { throw KafkaError(.closed, "a call after close") }
        return client
    }

    /// Borrows the client one last time, so that nobody else can; `nil` if somebody was first.
    func borrowToClose() -> OpaquePointer? {
        let isFirst = state.withLock { state in
            guard state.stage == .open else { return false }
            state.stage = .closing
            state.loans += 1
            return true
        }
        return isFirst ? client : nil
    }

    var isOpen: Bool { state.withLock { $0.stage == .open } }

    /// A batch of messages has been freed, or a call has ended.
    func giveBack() {
        let isLast = state.withLock { state in
            state.loans -= 1
            return state.startsDestruction()
        }
        if isLast { Self.destroy(client, callbacks: callbacks, then: isDestroyed) }
    }

    /// Ends the client, waiting for that at most `waitSeconds`; with batches still out, their last one ends it later.
    ///
    /// - Returns: an error if the library did not stop in time; it goes on trying in the background.
    func close(waitSeconds: Int) -> KafkaError? {
        let (starts, hasLoans) = state.withLock { state in
            if state.stage == .open { state.stage = .closing }
            return (state.startsDestruction(), state.loans > 0)
        }
        if starts { Self.destroy(client, callbacks: callbacks, then: isDestroyed) }
        guard !hasLoans else { return nil }
        return waitUntilDestroyed(seconds: waitSeconds)
    }

    /// Waits for the end of the client; a second caller waits for the same end.
    func waitUntilDestroyed(seconds: Int) -> KafkaError? {
        guard isDestroyed.wait(timeout: .now() + .seconds(seconds)) == .success else {
            return KafkaError(.timedOut, "the client did not stop within \(seconds) s")
        }
        isDestroyed.signal()
        return nil
    }

    private static func destroy(
        _ client: OpaquePointer, callbacks: ClientCallbacks, then isDestroyed: DispatchSemaphore
    ) {
        let client = SendablePointer(client)
        Thread.detachNewThread {
            // The group was left before; without the flag the library would wait for it once more.
            rd_kafka_destroy_flags(client.pointer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
            withExtendedLifetime(callbacks) { _ = isDestroyed.signal() }
        }
    }
}

/// A pointer on its way to another thread.
///
/// `@unchecked Sendable`: the sender gives up its copy, so one thread at a time uses it.
struct SendablePointer: @unchecked Sendable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
}
