import Events
import Foundation
import KafkaClient
import Learning
import Storage
import Synchronization

/// Follows `tidewatch.models` as a serving fleet would: the newest record of a model names its champion, the
/// artifact's file and the file's SHA-256.
final class ModelFollower: PartitionOwner {
    /// The part of a models record that a scorer needs.
    private struct Record: Decodable {
        struct Version: Decodable {
            var version: String
            var artifact: String
            var sha256: String
        }
        var model: String
        var champion: Version
    }

    private let model: String
    private var consumer: KafkaConsumer?
    private var next: [TopicPartition: Int64] = [:]
    private var assigned: Set<TopicPartition> = []
    private(set) var version: String?
    private(set) var loaded: (any TrainedModel)?

    init(bootstrapServers: String, topic: String, model: String) throws {
        self.model = model
        consumer = try KafkaConsumer(
            settings: ConsumerSettings(
                bootstrapServers: bootstrapServers, groupID: "scorer-\(model)", topics: [topic],
                properties: ["fetch.wait.max.ms": "10", "session.timeout.ms": "6000"]),
            owner: self)
    }

    func close() { consumer?.close() }

    /// Reads what has been published since; returns once the end of the topic is reached and a champion is known.
    func catchUp(timeout seconds: Double) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while try version == nil || assigned.isEmpty || !isAtEnd() {
            guard Date() < deadline else {
                throw DemonstrationError("no champion of \(model) was published within \(Int(seconds)) s")
            }
            for event in try consumer?.poll(maximum: 100, timeoutMilliseconds: 20) ?? [] {
                guard case .batch(let batch) = event else { continue }
                for index in 0..<batch.count {
                    try take(batch[index])
                    next[batch.topicPartition] = batch[index].offset + 1
                }
            }
        }
    }

    /// Whether everything has been read that the topic holds now.
    private func isAtEnd() throws -> Bool {
        guard let consumer else { return true }
        return try assigned.allSatisfy { position in
            try consumer.offsetRange(of: position, timeoutMilliseconds: 5_000).high <= next[position, default: 0]
        }
    }

    private func take(_ message: MessageView) throws {
        guard let value = message.value else { return }
        let record = try JSONDecoder().decode(Record.self, from: Data(value))
        guard record.model == model, record.champion.version != version else { return }
        // <blobs>/<2 characters>/<62 characters>: the store checks the bytes against the digest.
        let folder = URL(fileURLWithPath: record.champion.artifact).deletingLastPathComponent()
        let store = try BlobStore(directory: folder.deletingLastPathComponent().path)
        loaded = try ModelArtifact.load(try store.get(record.champion.sha256))
        version = record.champion.version
    }

    func assign(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
        assigned = Set(partitions)
        return Dictionary(uniqueKeysWithValues: partitions.map { ($0, .earliest) })
    }

    func revoke(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
        assigned.subtract(partitions)
        return [:]
    }

    func lose(_ partitions: [TopicPartition]) {
        assigned.subtract(partitions)
    }
}
