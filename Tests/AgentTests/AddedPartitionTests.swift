import KafkaClient
import Testing
import Windowing

@testable import Agent

/// `start: latest` would miss what came to a partition before it was found.
@Suite struct AddedPartitionTests {
    private final class Worker: PartitionWorker {
        let mailbox = Mailbox<WorkerMessage>(capacity: 100)
        func obstacle(to state: PartitionState, of partition: Int32) -> String? { nil }
        func step(timeout seconds: Double) -> Bool { false }
    }

    private final class Store: SnapshotStore {
        func put(_ bytes: [UInt8]) throws -> [UInt8] { [] }
        func get(_ name: [UInt8]) throws -> [UInt8] { [] }
    }

    private struct Keeper: StateKeeper {
        var known: [Int32: PartitionState] = [:]
        func state(of partition: Int32) -> PartitionState? { known[partition] }
        func save(partitions states: [Int32: any FrozenState], coordinator: [UInt8]) throws -> SavedCheckpoint {
            throw CommandStop(exitCode: 1)
        }
    }

    private func loop(known: [Int32: PartitionState] = [:], isAlone: Bool = true) -> ConsumerLoop {
        ConsumerLoop(
            settings: ConsumerLoop.Settings(
                open: { _ in throw CommandStop(exitCode: 1) }, predictionsTopic: "predictions",
                outcomesTopic: "outcomes", idleTimeoutMicroseconds: 1, statusIntervalMicroseconds: 1, start: .latest,
                isAlone: isAlone, rewind: { _ in [:] }, wallClockMicroseconds: { 0 }, wait: { _ in }, models: []),
            workers: [Worker()], coordinator: Mailbox(capacity: 100), checkpoint: Keeper(known: known),
            progress: { AgentProgress(records: 0, counters: PipelineCounters()) }, observer: { _ in })
    }

    private func places(_ partitions: Int32...) -> [TopicPartition] {
        partitions.map { TopicPartition(topic: "predictions", partition: $0) }
    }

    @Test func aPartitionThatIsAddedIsReadFromItsBeginning() {
        let loop = loop()
        #expect(loop.assign(places(0, 1)).values.allSatisfy { $0 == .latest })
        #expect(loop.assign(places(0, 1, 2)) == [places(2)[0]: .earliest])
        loop.lose(places(0, 1, 2))
        #expect(loop.assign(places(0, 3)) == [places(0)[0]: .latest, places(3)[0]: .earliest])
    }

    @Test func alsoWhenItWasAddedWhileTheAgentWasAway() {
        let state = PartitionState(bytes: [], store: Store(), nextOffsets: [7, nil])
        let starts = loop(known: [0: state, 1: state]).assign(places(0, 1, 2))
        #expect(starts == [places(0)[0]: .offset(7), places(1)[0]: .offset(7), places(2)[0]: .earliest])
    }

    /// It is given some of the partitions, and knows nothing of the others.
    @Test func aReplicaCannotTellWhatIsNew() {
        let loop = loop(isAlone: false)
        #expect(loop.assign(places(0)).values.allSatisfy { $0 == .latest })
        #expect(loop.assign(places(0, 1)) == [places(1)[0]: .latest])
    }
}
