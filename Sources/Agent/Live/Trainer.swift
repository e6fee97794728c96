import Foundation
import Registry
import Retraining
import Windowing

/// What a retraining came to.
struct TrainingResult: Sendable {
    var request: TrainingRequest
    var outcome: RetrainingOutcome
}

/// Reads the rows of a request from the log.
typealias RowReading = @Sendable (TrainingRequest) throws -> [LabelledRow]

/// Runs trainings, one at a time, on a thread of lower priority, so that they never starve the stream.
final class Trainer: Sendable {
    private let registry: ModelRegistry
    private let settings: [String: RetrainingSettings]
    private let coordinator: Mailbox<CoordinatorMessage>
    /// Reads the rows of models whose configuration wants them from the log.
    private let rowsOfLog: [String: RowReading]
    private let requests = Mailbox<TrainingRequest>(capacity: 64)

    init(
        registry: ModelRegistry, settings: [String: RetrainingSettings], coordinator: Mailbox<CoordinatorMessage>,
        rowsOfLog: [String: RowReading] = [:]
    ) {
        self.registry = registry
        self.rowsOfLog = rowsOfLog
        self.settings = settings
        self.coordinator = coordinator
    }

    /// Queues a run.
    func start(_ request: TrainingRequest) {
        requests.sendUrgently(request)
    }

    /// Ends ``run()`` after the run under way.
    func stop() { requests.close() }

    /// Runs until ``stop()``.
    func run() {
        BackgroundPriority.take()
        while step(timeout: 1) {}
    }

    /// Runs the trainings that wait; false once it was told to stop and none is left.
    func step(timeout seconds: Double) -> Bool {
        guard let batch = requests.receive(timeout: seconds) else { return false }
        for request in batch { coordinator.sendUrgently(.trained(train(request))) }
        return true
    }

    private func train(_ request: TrainingRequest) -> TrainingResult {
        guard let settings = settings[request.model] else {
            return TrainingResult(request: request, outcome: .failed("\(request.model) is not configured"))
        }
        let rows: [LabelledRow]
        do {
            rows = try rowsOfLog[request.model]?(request) ?? request.rows
        } catch {
            return TrainingResult(request: request, outcome: .failed("its rows cannot be read from the log: \(error)"))
        }
        let outcome = RetrainingRun(settings: settings, registry: registry).execute(
            model: request.model, rows: rows, champion: request.champion, trigger: request.trigger.name,
            now: request.atMicroseconds, stretches: request.stretches)
        return TrainingResult(request: request, outcome: outcome)
    }
}
