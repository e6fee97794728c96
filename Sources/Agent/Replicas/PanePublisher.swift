import Windowing

/// Takes messages to the panes topic, in order.
protocol PaneOutlet: AnyObject {
    /// Queues a message; waits while the queue is full.
    func send(key: [UInt8], value: [UInt8], to evaluator: Int32) throws

    /// Returns when everything sent so far has arrived.
    func flush() throws
}

/// Panes are published for the replica that decides about their model.
final class PanePublisher: PaneStage {
    struct Settings {
        var evaluators: Int
        var wallClockMicroseconds: @Sendable () -> Int64
    }

    /// What the others know of a partition.
    private struct Told {
        var epoch: Int64
        var progress: PartitionProgress?
        /// When, on the wall clock.
        var atMicroseconds: Int64 = .min
        /// What they do not know yet.
        var waiting: PartitionProgress?
    }

    /// Progress that closes no pane is said this often.
    private static let progressInterval: Int64 = 1_000_000
    private let settings: Settings
    private let deadLetters: DeadLetterQueue?
    private let outlet: any PaneOutlet
    /// Told what makes it impossible to go on: without its panes a window would be wrong.
    private let onFailure: (any Error) -> Void
    private var told: [Int32: Told] = [:]
    private var failure: (any Error)?

    init(
        settings: Settings, deadLetters: DeadLetterQueue?, outlet: any PaneOutlet,
        onFailure: @escaping (any Error) -> Void
    ) {
        self.settings = settings
        self.deadLetters = deadLetters
        self.outlet = outlet
        self.onFailure = onFailure
    }

    func start() {}

    /// Tells the others at once that the partitions hold windows back and whose they are now: an owner that wakes up later
    /// is not heard any more.
    func expect(_ partitions: [Int32], sinceMicroseconds: Int64) {
        for partition in partitions {
            told[partition] = Told(epoch: sinceMicroseconds)
            publish([.progress(partition: partition, .none)], epoch: sinceMicroseconds)
        }
    }

    func forget(_ partitions: [Int32]) {
        for partition in partitions { told[partition] = nil }
    }

    func accept(_ output: PartitionOutput) {
        guard let epoch = told[output.partition]?.epoch else { return }
        let panes = output.records.dropLast()
        publish(panes, epoch: epoch)
        told[output.partition]?.waiting = output.progress
        let last = told[output.partition]?.progress
        let changesIdleness =
            last.map {
                ($0.predictionWatermark == .max) != (output.progress.predictionWatermark == .max)
                    || ($0.outcomeWatermark == .max) != (output.progress.outcomeWatermark == .max)
            } ?? true
        if !panes.isEmpty || changesIdleness { tellProgress(of: output.partition) }
    }

    func tick() {
        let due = settings.wallClockMicroseconds() - Self.progressInterval
        for (partition, told) in told where told.waiting != nil && told.atMicroseconds <= due {
            tellProgress(of: partition)
        }
    }

    /// What is waiting to be told goes first: a checkpoint covers it.
    func settle() throws {
        if let failure { throw failure }
        for partition in told.keys.sorted() { tellProgress(of: partition) }
        try outlet.flush()
        try deadLetters?.flush()
    }

    func snapshot() throws -> [UInt8] { [] }

    // Nothing is trained or judged here.
    func finish(_ result: TrainingResult) {}
    func registryChanged() {}
    var lateEvents: Int64 { 0 }

    private func tellProgress(of partition: Int32) {
        guard let known = told[partition], let progress = known.waiting else { return }
        told[partition]?.waiting = nil
        guard progress != known.progress else { return }
        told[partition]?.progress = progress
        told[partition]?.atMicroseconds = settings.wallClockMicroseconds()
        publish([.progress(partition: partition, progress)], epoch: known.epoch)
    }

    private func publish(_ records: some Sequence<PaneRecord>, epoch: Int64) {
        guard failure == nil else { return }
        do {
            for record in records {
                for message in PaneMessage.messages(of: record, epoch: epoch) {
                    try send(message, of: record)
                }
            }
        } catch {
            failure = error
            onFailure(error)
        }
    }

    private func send(_ message: PaneMessage, of record: PaneRecord) throws {
        let (key, value) = (message.key(of: record), message.serialized())
        if let model = record.model {
            let evaluator = PaneTopic.partition(of: model, evaluators: settings.evaluators)
            return try outlet.send(key: key, value: value, to: evaluator)
        }
        for evaluator in 0..<settings.evaluators { try outlet.send(key: key, value: value, to: Int32(evaluator)) }
    }
}
