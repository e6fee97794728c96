import Foundation

/// The part of the library's statistics (STATISTICS.md of librdkafka 2.0.2) that is used here.
struct StatisticsDocument: Decodable {
    struct Broker: Decodable { let state: String }
    struct Group: Decodable {
        let rebalances: Int64
        enum CodingKeys: String, CodingKey { case rebalances = "rebalance_cnt" }
    }
    struct Topic: Decodable { let partitions: [String: Partition] }
    struct Partition: Decodable {
        let partition: Int32
        let queuedMessages: Int64
        let queuedBytes: Int64
        let committedOffset: Int64
        let lowOffset: Int64
        let highOffset: Int64
        let lastStableOffset: Int64

        enum CodingKeys: String, CodingKey {
            case partition
            case queuedMessages = "fetchq_cnt"
            case queuedBytes = "fetchq_size"
            case committedOffset = "committed_offset"
            case lowOffset = "lo_offset"
            case highOffset = "hi_offset"
            case lastStableOffset = "ls_offset"
        }
    }

    let receivedMessages: Int64
    let receivedBytes: Int64
    let brokers: [String: Broker]
    let topics: [String: Topic]
    let group: Group?

    enum CodingKeys: String, CodingKey {
        case receivedMessages = "rxmsgs"
        case receivedBytes = "rxmsg_bytes"
        case brokers
        case topics
        case group = "cgrp"
    }
}

extension ConsumerStatistics {
    /// - Parameters:
    ///   - positions: the assigned partitions, which are the ones reported.
    ///   - readsCommitted: whether the readable end is the last stable offset.
    init(
        _ document: StatisticsDocument, positions: [TopicPartition: StartPosition], readsCommitted: Bool
    ) {
        totalReceivedMessages = document.receivedMessages
        totalReceivedBytes = document.receivedBytes
        rebalances = document.group?.rebalances ?? 0
        brokersUp = document.brokers.values.count { $0.state == "UP" }
        for (topic, found) in document.topics {
            for partition in found.partitions.values {
                let place = TopicPartition(topic: topic, partition: partition.partition)
                guard positions[place] != nil else { continue }
                // All partitions of a group member share one queue, and each reports the whole of it (2.0.2's
                // rd_kafka_q_len follows the forwarding): a sum would count it once per partition.
                fetchQueueMessages = max(fetchQueueMessages, partition.queuedMessages)
                fetchQueueBytes = max(fetchQueueBytes, partition.queuedBytes)
                let end = readsCommitted ? partition.lastStableOffset : partition.highOffset
                var known = Partition()
                known.endOffset = end >= 0 ? end : nil
                known.lowOffset = partition.lowOffset >= 0 ? partition.lowOffset : nil
                known.committedOffset = partition.committedOffset >= 0 ? partition.committedOffset : nil
                partitions[place] = known
            }
        }
        update(positions: positions)
    }

    /// Brings the positions, and with them the lags, up to date; forgets partitions that are gone.
    mutating func update(positions: [TopicPartition: StartPosition]) {
        partitions = partitions.filter { positions[$0.key] != nil }
        for (place, known) in partitions {
            var partition = known
            if case .offset(let offset) = positions[place] { partition.position = offset }
            if let end = partition.endOffset {
                partition.lag = partition.position.map { max(0, end - $0) }
                partition.committedLag = partition.committedOffset.map { max(0, end - $0) }
            }
            partitions[place] = partition
        }
    }
}

extension KafkaConsumer {
    /// The newest statistics, with lags as of the last poll. Empty until the first interval has passed.
    ///
    /// Costs a parse per interval (`statistics.interval.ms`), not per call. On the polling thread only.
    public func statistics() -> ConsumerStatistics {
        guard let document = handle.callbacks.takeStatistics() else {
            parsedStatistics.update(positions: positions)
            return parsedStatistics
        }
        do {
            let parsed = try JSONDecoder().decode(StatisticsDocument.self, from: Data(document))
            parsedStatistics = ConsumerStatistics(parsed, positions: positions, readsCommitted: readsCommitted)
        } catch {
            handle.callbacks.report(KafkaError(.corrupt, "the library's statistics cannot be read: \(error)"))
        }
        return parsedStatistics
    }
}
