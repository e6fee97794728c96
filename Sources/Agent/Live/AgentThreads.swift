import Alerting
import Dispatch
import Foundation

/// A thread of the agent, named for debuggers.
enum AgentThread {
    /// - Returns: signalled when `body` has returned.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.name = "tidewatch-\(name)"
        thread.start()
        return done
    }
}

/// The running threads of `ActingParts`, and the delivery of its webhooks.
final class RunningActions: Sendable {
    private let parts: ActingParts
    private let training: DispatchSemaphore
    private let housekeeping: DispatchSemaphore
    private let delivering: Task<Void, Never>

    init(_ parts: ActingParts, observer: @escaping AgentObserver) {
        self.parts = parts
        let (trainer, housekeeper) = (parts.trainer, parts.housekeeper)
        training = AgentThread.start("trainer") { trainer.run() }
        housekeeping = AgentThread.start("housekeeper") { housekeeper.run() }
        let notifier = WebhookNotifier(
            endpoints: parts.endpoints, outbox: parts.outbox, seed: UInt64.random(in: 0 ... .max))
        delivering = Task.detached { await WebhookDelivery.run(notifier, observer: observer) }
    }

    /// Ends the trainer after the training under way; the coordinator's loop must still run then.
    func stopTraining() {
        parts.trainer.stop()
        training.wait()
    }

    /// Ends the rest, after the coordinator's loop has ended.
    /// - Parameter giveUp: called when publishing is held up by a broker that is away: what was not published stays in
    ///   the ledger and the outbox.
    func stop(giveUp: () -> Void) {
        parts.housekeeper.stop()
        delivering.cancel()
        if housekeeping.wait(timeout: .now() + 3) == .timedOut {
            giveUp()
            housekeeping.wait()
        }
    }
}

enum WebhookDelivery {
    /// Delivers webhooks until cancelled. A slow receiver holds up only itself: each tick is a task of its own.
    static func run(_ notifier: WebhookNotifier, observer: @escaping AgentObserver) async {
        guard !notifier.endpoints.isEmpty else { return }
        // Discarding: an ordinary group would keep every tick's result until the agent stops.
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                group.addTask {
                    let report = await notifier.tick(nowMicroseconds: WallClock.microseconds())
                    for attempt in report.attempts {
                        guard case .delivered = attempt.outcome else { continue }
                        observer(.alertSent(messageID: attempt.messageID, destination: attempt.endpoint))
                    }
                    for line in report.problems { observer(.problem(line)) }
                }
                do {
                    try await Task.sleep(for: .milliseconds(500))
                } catch {
                    break
                }
            }
        }
    }
}
