import Events
import KafkaClient

/// What has been fetched of one partition and not been handed over yet.
struct HistoryLane {
    /// The next record of a lane; the oldest goes first, and of the same age the one of the first stream.
    struct Head: Comparable {
        var timestampMicroseconds: Int64
        var place: TopicPartition

        static func < (left: Head, right: Head) -> Bool {
            left.timestampMicroseconds == right.timestampMicroseconds
                ? left.place < right.place : left.timestampMicroseconds < right.timestampMicroseconds
        }
    }

    let stream: TopicHistory.Stream
    /// Everything up to the end has been fetched.
    private(set) var isFinished: Bool
    /// The offset that the log no longer held when it was asked for.
    var lostOffset: Int64?
    private var batches: [MessageBatch] = []
    /// The first message of the first batch that has not been handed over.
    private var position = 0

    init(stream: TopicHistory.Stream) {
        self.stream = stream
        isFinished = stream.start >= stream.end
    }

    var isEmpty: Bool { batches.isEmpty }

    var head: Head? {
        guard let first = batches.first else { return nil }
        return Head(timestampMicroseconds: first[position].timestampMicroseconds, place: stream.topicPartition)
    }

    /// Adds what lies before the end; returns how many messages that are.
    mutating func append(_ batch: MessageBatch) -> Int {
        guard !isFinished else { return 0 }
        if batch.nextOffset >= stream.end { isFinished = true }
        let count = (0..<batch.count).first { batch[$0].offset >= stream.end } ?? batch.count
        guard count > 0 else { return 0 }
        batches.append(batch)
        return count
    }

    /// The log has been read to its end. Transaction markers and aborted records may lie between it and the last record.
    mutating func end(at offset: Int64) {
        if offset >= stream.end { isFinished = true }
    }

    /// Offsets between the one that was gone and the first there is; `nil` if none was gone.
    mutating func removed(before first: Int64) -> Int64? {
        guard let lost = lostOffset else { return nil }
        lostOffset = nil
        return max(0, min(first, stream.end) - lost)
    }

    /// Hands messages over as long as they come before `limit`; at least one, at most `maximum`.
    mutating func take(
        _ maximum: Int, through limit: Head?, role: Int, into messages: inout [SourceMessage]
    ) -> Int {
        var count = 0
        while count < maximum, let batch = batches.first {
            let next = batch[position]
            if count > 0, let limit,
                limit
                    < Head(
                        timestampMicroseconds: next.timestampMicroseconds, place: stream.topicPartition)
            {
                break
            }
            messages.append(
                SourceMessage(
                    source: role, partition: stream.topicPartition.partition, offset: next.offset,
                    timestampMicroseconds: next.timestampMicroseconds, key: next.key.map(Array.init) ?? [],
                    value: next.value.map(Array.init) ?? [], isTombstone: next.value == nil))
            count += 1
            position += 1
            if position == batch.count || batch[position].offset >= stream.end {
                batches.removeFirst()
                position = 0
            }
        }
        return count
    }
}
