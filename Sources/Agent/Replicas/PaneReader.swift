import Foundation
import Windowing

/// The worker of an evaluator: it puts the panes of the source partitions together again from one partition of the panes
/// topic, and hands them to the coordinator as the partitions' own workers would.
///
/// `@unchecked Sendable`: after `start` only the worker's own thread touches the stored state.
final class PaneReader: PartitionWorker, @unchecked Sendable {
    /// What is known of a source partition.
    private struct Source: Codable {
        var epoch: Int64
        var predictionWatermark: Int64
        var outcomeWatermark: Int64
        var newestMicroseconds: Int64

        var progress: PartitionProgress {
            PartitionProgress(
                predictionWatermark: predictionWatermark, outcomeWatermark: outcomeWatermark,
                newestMicroseconds: newestMicroseconds)
        }

        init(epoch: Int64, progress: PartitionProgress) {
            self.epoch = epoch
            predictionWatermark = progress.predictionWatermark
            outcomeWatermark = progress.outcomeWatermark
            newestMicroseconds = progress.newestMicroseconds
        }
    }

    /// The part of an evaluator's checkpoint that is the reader's.
    private struct State: Codable {
        var nextOffset: Int64
        var sources: [Int32: Source]
    }

    /// A record whose pieces have not all come yet.
    private struct Unfinished {
        var epoch: Int64
        var firstOffset: Int64
        var bytes: [UInt8]
        var nextPiece: UInt16
    }

    let mailbox = Mailbox<WorkerMessage>(capacity: 8)
    private let partition: Int32
    private let models: Set<String>
    private let coordinator: Mailbox<CoordinatorMessage>
    private var nextOffset: Int64 = 0
    private var sources: [Int32: Source] = [:]
    private var unfinished: [Int32: Unfinished] = [:]
    /// Messages that cannot be read.
    private var damaged = 0

    /// - Parameters:
    ///   - partition: of the panes topic.
    ///   - models: those that are decided on; panes of others are left out.
    init(partition: Int32, models: Set<String>, coordinator: Mailbox<CoordinatorMessage>) {
        self.partition = partition
        self.models = models
        self.coordinator = coordinator
    }

    /// The offset that a saved state goes on from.
    static func nextOffsets(inSnapshot bytes: [UInt8]) throws -> [Int64?] {
        [try JSONDecoder().decode(State.self, from: Data(bytes)).nextOffset]
    }

    func obstacle(to state: PartitionState, of partition: Int32) -> String? {
        do {
            _ = try Self.nextOffsets(inSnapshot: state.bytes)
            return nil
        } catch {
            return "\(error)"
        }
    }

    func step(timeout seconds: Double) -> Bool {
        guard let messages = mailbox.receive(timeout: seconds) else { return false }
        for message in messages { handle(message) }
        return true
    }

    private func handle(_ message: WorkerMessage) {
        switch message {
        case .begin(_, let state): begin(state?.bytes)
        case .batch(let batch, _): read(batch)
        case .snapshot(let token):
            coordinator.send(
                .snapshot(token: token, worker: 0, states: [partition: WholeState(bytes: snapshot())]))
        case .idle, .lostPlace, .drop: break
        }
    }

    private func begin(_ bytes: [UInt8]?) {
        guard let bytes else { return }
        do {
            let state = try JSONDecoder().decode(State.self, from: Data(bytes))
            nextOffset = state.nextOffset
            sources = state.sources
            // A partition that is at its end may say nothing for long.
            for (partition, source) in sources.sorted(by: { $0.key < $1.key }) {
                handOver(PartitionOutput(partition: partition, progress: source.progress), records: 0)
            }
        } catch {
            coordinator.send(
                .problem("The state of evaluator \(partition) was checked and cannot be restored: \(error)"))
        }
    }

    private func snapshot() -> [UInt8] {
        // Records whose pieces have not all come are read again.
        let first = unfinished.values.map(\.firstOffset).min() ?? nextOffset
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            return Array(try encoder.encode(State(nextOffset: min(first, nextOffset), sources: sources)))
        } catch {
            preconditionFailure("numbers can be encoded: \(error)")
        }
    }

    private func read(_ batch: any RecordBatch) {
        var outputs: [Int32: PartitionOutput] = [:]
        batch.visitRecords { record in
            guard record.offset >= nextOffset else { return }
            nextOffset = record.offset + 1
            // A tombstone takes a record away that nobody needs any more.
            guard let value = record.value else { return }
            do {
                guard let found = try take(PaneMessage(serialized: Array(value)), offset: record.offset) else { return }
                let partition = found.partition
                var output =
                    outputs[partition]
                    ?? PartitionOutput(partition: partition, progress: sources[partition]?.progress ?? .none)
                output.add(found)
                outputs[partition] = output
                sources[partition] = Source(epoch: sources[partition]?.epoch ?? 0, progress: output.progress)
            } catch {
                damaged += 1
                guard damaged.nonzeroBitCount == 1 else { return }
                coordinator.send(
                    .problem(
                        "Message \(record.offset) of partition \(partition) of the panes topic cannot be read (\(error)); "
                            + "\(damaged) so far. Does something else write to the topic, or another version of tidewatch?"
                    ))
            }
        }
        for output in outputs.values.sorted(by: { $0.partition < $1.partition }) { handOver(output, records: 0) }
        coordinator.send(.handled(records: batch.count))
    }

    /// The record that a message completes; `nil` where there is none, or none that counts.
    private func take(_ message: PaneMessage, offset: Int64) throws -> PaneRecord? {
        let known = sources[message.partition]?.epoch ?? .min
        // The partition has belonged to somebody else since.
        guard message.epoch >= known else { return nil }
        if message.epoch > known {
            sources[message.partition] = Source(
                epoch: message.epoch, progress: sources[message.partition]?.progress ?? .none)
            unfinished[message.partition] = nil
        }
        guard let bytes = whole(message, offset: offset) else { return nil }
        let record = try PaneRecord(serialized: bytes)
        if let model = record.model, !models.contains(model) { return nil }
        return record
    }

    /// All bytes of a record, with its last piece.
    private func whole(_ message: PaneMessage, offset: Int64) -> [UInt8]? {
        if message.pieces == 1 { return message.bytes }
        var record =
            message.piece == 0
            ? Unfinished(epoch: message.epoch, firstOffset: offset, bytes: [], nextPiece: 0)
            : unfinished[message.partition]
        guard record?.nextPiece == message.piece else { return nil }
        record?.bytes += message.bytes
        record?.nextPiece += 1
        let isLast = message.piece + 1 == message.pieces
        unfinished[message.partition] = isLast ? nil : record
        return isLast ? record?.bytes : nil
    }

    private func handOver(_ output: PartitionOutput, records: Int) {
        coordinator.send(.output(output, counters: PipelineCounters(), records: records, placements: []))
    }
}
