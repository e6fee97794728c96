import CRdKafka

/// Sorts what one batch call of the library returned by partition, keeping the order within each.
struct BatchSplitter {
    typealias Message = MessageBatch.Message

    struct Result {
        var batches: [MessageBatch] = []
        var ends: [(topicPartition: TopicPartition, offset: Int64)] = []
        /// Partitions that stand still because there is nothing at their offset; negative: no offset was committed.
        var resets: [(topicPartition: TopicPartition, offset: Int64)] = []
        var errors: [KafkaError] = []
    }

    private struct Group {
        let topic: OpaquePointer?
        let partition: Int32
        var count: Int
        var next: UnsafeMutablePointer<Message>?
    }

    private static let slotCount = 256
    private var groups: [Group] = []
    private var groupOfMessage: [Int32] = []
    /// The group last seen for `partition % slotCount`; only a guess, checked on use, so never cleared.
    private var slots = [Int32](repeating: 0, count: slotCount)

    /// Takes over the `count` messages; events and errors among them are freed here.
    mutating func split(
        _ messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>, count: Int,
        handle: ClientHandle
    ) -> Result {
        var result = Result()
        groups.removeAll(keepingCapacity: true)
        if groupOfMessage.count < count { groupOfMessage = [Int32](repeating: 0, count: count) }
        var current: Int32 = -1
        for index in 0..<count {
            guard let message = messages[index] else { continue }
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                groupOfMessage[index] = -1
                note(message, in: &result)
                continue
            }
            let (topic, partition) = (message.pointee.rkt, message.pointee.partition)
            if current < 0 || groups[Int(current)].topic != topic || groups[Int(current)].partition != partition {
                current = group(of: topic, partition)
            }
            groups[Int(current)].count += 1
            groupOfMessage[index] = current
        }
        place(messages, count: count)
        for group in groups { result.batches.append(batch(group, handle: handle)) }
        dropPassedEnds(in: &result)
        return result
    }

    private mutating func group(of topic: OpaquePointer?, _ partition: Int32) -> Int32 {
        let slot = Int(partition) & (Self.slotCount - 1)
        let guess = Int(slots[slot])
        if guess < groups.count, groups[guess].topic == topic, groups[guess].partition == partition {
            return Int32(guess)
        }
        let index: Int
        if let known = groups.firstIndex(where: { $0.topic == topic && $0.partition == partition }) {
            index = known
        } else {
            index = groups.count
            groups.append(Group(topic: topic, partition: partition, count: 0, next: nil))
        }
        slots[slot] = Int32(index)
        return Int32(index)
    }

    private mutating func place(
        _ messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>, count: Int
    ) {
        for index in groups.indices {
            groups[index].next = UnsafeMutablePointer<Message>.allocate(capacity: groups[index].count)
        }
        for index in 0..<count {
            let group = Int(groupOfMessage[index])
            guard group >= 0, let message = messages[index], let next = groups[group].next else { continue }
            next.initialize(to: message)
            groups[group].next = next + 1
        }
    }

    private func batch(_ group: Group, handle: ClientHandle) -> MessageBatch {
        guard let end = group.next else { preconditionFailure("place has given every group its memory") }
        return MessageBatch(
            takingOwnership: end - group.count, count: group.count,
            of: TopicPartition(topic: topicName(group.topic), partition: group.partition), from: handle)
    }

    /// An event in a message's clothes: notes what it says and frees it.
    private func note(_ message: Message, in result: inout Result) {
        defer { rd_kafka_message_destroy(message) }
        let error = message.pointee.err
        let place = TopicPartition(topic: topicName(message.pointee.rkt), partition: message.pointee.partition)
        switch error {
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: result.ends.append((place, message.pointee.offset))
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: result.resets.append((place, message.pointee.offset))
        default:
            let text = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? "the consumer reports"
            let isNamed = message.pointee.rkt != nil
            result.errors.append(KafkaError(error, text, topicPartition: isNamed ? place : nil))
        }
    }

    /// An end that messages of the same poll have passed is not the end any more.
    private func dropPassedEnds(in result: inout Result) {
        guard !result.ends.isEmpty, !result.batches.isEmpty else { return }
        let nextOffsets = Dictionary(
            result.batches.map { ($0.topicPartition, $0.nextOffset) }, uniquingKeysWith: max)
        result.ends.removeAll { end in nextOffsets[end.topicPartition].map { $0 > end.offset } ?? false }
    }

    private func topicName(_ topic: OpaquePointer?) -> String {
        guard let topic, let name = rd_kafka_topic_name(topic) else { return "" }
        return String(cString: name)
    }
}
