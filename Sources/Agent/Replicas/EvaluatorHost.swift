import Foundation
import KafkaClient
import Synchronization
import Windowing

/// Has the evaluators of the partitions of the panes topic that the group gives to this replica.
///
/// `@unchecked Sendable`: the evaluators are touched by the host's own thread alone; what other threads ask for goes
/// through the `Mutex`.
final class EvaluatorHost: PartitionOwner, @unchecked Sendable {
    struct Settings: Sendable {
        var configuration: AgentConfiguration
        /// The partitions that panes come from.
        var sourcePartitions: @Sendable () throws -> [Int32]
        var open: @Sendable (any PartitionOwner) throws -> any RecordIntake
        var makeEvaluator: @Sendable (Int32, AgentConfiguration) throws -> Evaluator
        var wallClockMicroseconds: @Sendable () -> Int64
    }

    /// Partitions may be added to a topic.
    private static let sourceInterval: Int64 = 30_000_000
    private let settings: Settings
    private let observer: AgentObserver
    private let isStopping = Atomic<Bool>(false)
    private var evaluators: [Int32: Evaluator] = [:]
    private var sources: [Int32] = []
    private var lookedAt: Int64 = .min
    private var failure: (any Error)?

    init(settings: Settings, observer: @escaping AgentObserver) {
        self.settings = settings
        self.observer = observer
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    /// Runs until ``stop()``; throws what made it impossible to go on.
    func run() throws {
        sources = try settings.sourcePartitions()
        lookedAt = settings.wallClockMicroseconds()
        let intake = try settings.open(self)
        defer {
            // Closing revokes: every evaluator writes a last checkpoint.
            if let error = intake.close() { observer(.problem("The panes topic did not close cleanly: \(error)")) }
        }
        while !isStopping.load(ordering: .acquiring) {
            for event in try intake.poll() {
                switch event {
                case .batch(let batch): evaluators[batch.topicPartition.partition]?.hand(batch)
                case .problem(let text): observer(.problem(text))
                case .endOfPartition, .lostPlace, .ended: break
                }
            }
            if let failure { throw failure }
            lookForSources()
        }
    }

    private func lookForSources() {
        let now = settings.wallClockMicroseconds()
        guard now - lookedAt >= Self.sourceInterval else { return }
        lookedAt = now
        do {
            let found = try settings.sourcePartitions()
            let added = Set(found).subtracting(sources).sorted()
            guard !added.isEmpty else { return }
            sources = found
            for evaluator in evaluators.values { evaluator.expect(added) }
        } catch {
            observer(.problem("The partitions of the predictions cannot be looked up: \(error)"))
        }
    }

    // MARK: - PartitionOwner: called inside poll, on this thread

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        var starts: [TopicPartition: StartPosition] = [:]
        for place in partitions.sorted() where evaluators[place.partition] == nil {
            var configuration = settings.configuration
            configuration.models.removeAll {
                PaneTopic.partition(of: $0.name, evaluators: configuration.replicas.evaluators) != place.partition
            }
            // Nothing to decide about; the position is committed by nobody and costs nothing.
            guard !configuration.models.isEmpty else {
                starts[place] = .latest
                continue
            }
            do {
                let evaluator = try settings.makeEvaluator(place.partition, configuration)
                evaluator.expect(sources)
                evaluator.run()
                evaluators[place.partition] = evaluator
                starts[place] = evaluator.start
                observer(
                    .evaluating(partition: place.partition, models: configuration.models.map(\.name)))
            } catch {
                failure = error
            }
        }
        return starts
    }

    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        var covered: [TopicPartition: Int64] = [:]
        for place in partitions {
            guard let evaluator = evaluators.removeValue(forKey: place.partition) else { continue }
            covered[place] = evaluator.end(saves: true)
        }
        return covered
    }

    func lose(_ partitions: [TopicPartition]) {
        for place in partitions { evaluators.removeValue(forKey: place.partition)?.end(saves: false) }
    }
}
