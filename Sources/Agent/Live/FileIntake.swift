import Events
import Foundation
import KafkaClient
import Storage

/// Files that are followed as they are written, and standard input: one partition with one or two streams.
final class FileIntake: RecordIntake {
    /// A stream of the partition.
    private struct Stream {
        let position: TopicPartition
        var source: FollowedSource
        var isAtEnd = false
        /// The last failure that was said: once, until reading succeeds.
        var failure: String?
    }

    let name: String
    private let settings: FileSettings
    private let positions: FilePositions
    private let owner: any PartitionOwner
    private let nowMicroseconds: @Sendable () -> Int64
    private var streams: [Stream] = []
    private var hasBegun = false

    private static let maximumBatch = 500

    init(
        settings: FileSettings, positions: FilePositions, owner: any PartitionOwner,
        nowMicroseconds: @escaping @Sendable () -> Int64
    ) {
        name = settings.files.map { $0.isStandardInput ? "standard input" : $0.path }.joined(separator: " and ")
        self.settings = settings
        self.positions = positions
        self.owner = owner
        self.nowMicroseconds = nowMicroseconds
    }

    func poll() throws -> [IntakeEvent] {
        if !hasBegun { return begin() }
        var events: [IntakeEvent] = []
        for index in streams.indices { events += read(index) }
        let hasRead = events.contains { if case .batch = $0 { true } else { false } }
        if !hasRead { wait() }
        return events
    }

    /// Until standard input has more, where it is one of the streams, or for a moment.
    private func wait() {
        let telling = settings.files.firstIndex { $0.isStandardInput }
        streams[telling ?? 0].source.wait(milliseconds: 20)
    }

    func commit(_ offsets: [TopicPartition: Int64]) {}

    func statistics() -> ConsumerStatistics {
        var statistics = ConsumerStatistics()
        for stream in streams {
            statistics.partitions[stream.position] = .init(lag: stream.isAtEnd ? 0 : nil)
        }
        return statistics
    }

    func close() -> (any Error)? {
        if hasBegun { _ = owner.revoke(streams.map(\.position)) }
        return nil
    }

    private func begin() -> [IntakeEvent] {
        hasBegun = true
        positions.begin(settings.files.map(\.path))
        var events: [IntakeEvent] = []
        let places = settings.files.map { TopicPartition(topic: $0.path, partition: 0) }
        let starts = owner.assign(places)
        for (file, position) in zip(settings.files, places) {
            var resumption = FollowedSource.Resumption()
            var start = settings.startsAtEnd ? FollowedFile.Start.end : .beginning
            if case .offset(let offset) = starts[position] {
                start = .beginning
                if let known = positions.resumption(of: file.path, at: offset) {
                    resumption = known
                    if let place = known.place { start = .place(place) }
                } else {
                    resumption.offset = offset
                }
                if file.isStandardInput {
                    resumption.offset = offset
                    events.append(
                        .problem(
                            "standard input cannot be read again: what came after the last checkpoint of the run "
                                + "before is missing in the windows of that time."))
                }
            }
            let now = nowMicroseconds
            let feed: any LineFeed =
                file.isStandardInput
                ? StandardInputFeed(maximumLineBytes: settings.limits.maximumBytes)
                : FollowedFile(
                    path: file.path, start: start, maximumLineBytes: settings.limits.maximumBytes, nowMicroseconds: now)
            let source = FollowedSource(
                feed: feed, format: file.format, resumption: resumption, decoders: settings.decoders,
                nowMicroseconds: now)
            positions.note(resumption, of: file.path)
            streams.append(Stream(position: position, source: source))
        }
        return events
    }

    private func read(_ index: Int) -> [IntakeEvent] {
        let position = streams[index].position
        var events: [IntakeEvent] = []
        do {
            let batch = try nextBatch(of: index)
            streams[index].failure = nil
            if let batch {
                streams[index].isAtEnd = false
                positions.note(streams[index].source.resumption, of: position.topic)
                events.append(.batch(batch))
            } else if !streams[index].isAtEnd {
                streams[index].isAtEnd = true
                events.append(streams[index].source.hasEnded ? .ended(position) : .endOfPartition(position))
            } else if streams[index].source.hasEnded {
                events.append(.ended(position))
            }
        } catch {
            let text = "\(error)"
            if streams[index].failure != text { events.append(.problem(text)) }
            streams[index].failure = text
        }
        return events + streams[index].source.takeNotices().map(IntakeEvent.problem)
    }

    /// Lines are decoded here, because their times are in them, and counted by the worker.
    private func nextBatch(of index: Int) throws -> (any RecordBatch)? {
        let position = streams[index].position
        guard streams[index].source.isTable else {
            let records = try streams[index].source.nextDecoded(maximum: Self.maximumBatch, limits: settings.limits)
            return records.map { LineBatch(topicPartition: position, records: $0) }
        }
        let messages = try streams[index].source.next(maximum: Self.maximumBatch)
        return messages.isEmpty ? nil : RowBatch(topicPartition: position, messages: messages)
    }
}

/// What the agent reads instead of topics.
struct FileSettings: Sendable {
    struct File: Sendable {
        /// `-` is standard input.
        var path: String
        var format: FollowedSource.Format

        var isStandardInput: Bool { path == "-" }
    }

    /// Of predictions, or of both; then of outcomes, where they have their own.
    var files: [File]
    var startsAtEnd: Bool
    var limits: EventLimits
    /// Threads that decode lines at once.
    var decoders = 1
}

/// Lines of a file.
private struct LineBatch: RecordBatch {
    let topicPartition: TopicPartition
    let records: DecodedBatch

    var count: Int { records.records.count }

    var lastTimestampMicroseconds: Int64 { records.records[count - 1].timestampMicroseconds }

    var unknownKeys: [UnknownKey] { records.unknownKeys }

    func visitRecords(_ body: (BatchRecord) -> Void) {
        records.records.withUnsafeBufferPointer { records in
            for position in records.indices {
                let record = records[position]
                body(
                    BatchRecord(
                        offset: record.offset, timestampMicroseconds: record.timestampMicroseconds, key: record.key,
                        value: record.message, decoded: records.baseAddress.map { $0 + position }))
            }
        }
    }
}

/// Rows of a table.
private struct RowBatch: RecordBatch {
    let topicPartition: TopicPartition
    let messages: [SourceMessage]

    var count: Int { messages.count }

    var lastTimestampMicroseconds: Int64 { messages[messages.count - 1].timestampMicroseconds }

    func visitRecords(_ body: (BatchRecord) -> Void) {
        for message in messages {
            message.key.withUnsafeBytes { key in
                message.value.withUnsafeBytes { value in
                    body(
                        BatchRecord(
                            offset: message.offset, timestampMicroseconds: message.timestampMicroseconds, key: key,
                            value: value))
                }
            }
        }
    }
}
