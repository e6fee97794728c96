import CRdKafka

/// What rebalance callbacks did inside one call of the library.
struct RebalanceInPoll {
    var hasRevoked = false
    var hasAssignedAfterRevoke = false
}

extension KafkaConsumer {
    /// Called by the library inside a poll or close, on the polling thread.
    func rebalance(_ event: rd_kafka_resp_err_t, _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) {
        let partitions = PartitionList.entries(of: list).map(\.topicPartition)
        switch event {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: take(partitions)
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS: giveUp(partitions)
        default:
            handle.callbacks.report(KafkaError(event, "the group's rebalance failed"))
            lose(Array(positions.keys))
            unassign()
        }
    }

    private func take(_ partitions: [TopicPartition]) {
        rebalanceInPoll.hasAssignedAfterRevoke = rebalanceInPoll.hasRevoked
        let answer = partitions.isEmpty ? [:] : owner?.assign(partitions) ?? [:]
        positions = [:]
        for partition in partitions { positions[partition] = answer[partition] ?? .committedOrEarliest }
        reassign()
    }

    private func giveUp(_ partitions: [TopicPartition]) {
        rebalanceInPoll.hasRevoked = true
        rebalanceInPoll.hasAssignedAfterRevoke = false
        if rd_kafka_assignment_lost(handle.client) != 0 {
            lose(partitions)
        } else if !partitions.isEmpty, let offsets = owner?.revoke(partitions), !offsets.isEmpty {
            do {
                try commit(offsets, timeoutMilliseconds: 5_000)
            } catch {
                handle.callbacks.report(error)
            }
        }
        unassign()
    }

    private func lose(_ partitions: [TopicPartition]) {
        if !partitions.isEmpty { owner?.lose(partitions) }
    }

    private func unassign() {
        positions = [:]
        let result = rd_kafka_assign(handle.client, nil)
        if result != RD_KAFKA_RESP_ERR_NO_ERROR {
            handle.callbacks.report(KafkaError(result, "partitions could not be given up"))
        }
    }

    /// Tells the library to read the assigned partitions from their positions on; what it has prefetched is discarded.
    func reassign() {
        let list = PartitionList(offsets: libraryOffsets())
        let result = rd_kafka_assign(handle.client, list.pointer)
        if result != RD_KAFKA_RESP_ERR_NO_ERROR {
            handle.callbacks.report(KafkaError(result, "partitions could not be taken"))
        }
    }

    /// Partitions at whose offset there is nothing stand still until they are assigned anew.
    func restartAtEarliest(_ partitions: [TopicPartition]) {
        let own = partitions.filter { positions[$0] != nil }
        guard !own.isEmpty else { return }
        for partition in own { positions[partition] = .earliest }
        reassign()
    }

    private func libraryOffsets() -> [TopicPartition: Int64] {
        let unknown = positions.filter { $0.value == .committedOrEarliest }.map(\.key)
        let committed = committedOrUnknown(unknown)
        let offsets = positions.reduce(into: [TopicPartition: Int64]()) { result, entry in
            switch entry.value {
            case .offset(let offset): result[entry.key] = offset
            case .earliest: result[entry.key] = Int64(RD_KAFKA_OFFSET_BEGINNING)
            case .latest: result[entry.key] = Int64(RD_KAFKA_OFFSET_END)
            case .committedOrEarliest:
                result[entry.key] =
                    committed.map { $0[entry.key] ?? Int64(RD_KAFKA_OFFSET_BEGINNING) } ?? Int64(RD_KAFKA_OFFSET_STORED)
            }
        }
        return resolved(offsets)
    }

    /// Looks up where the partitions begin or end. The library would do that by itself, but asks again only after half a
    /// second where a partition's leader is not known to it yet; what cannot be looked up now is left to it.
    private func resolved(_ offsets: [TopicPartition: Int64]) -> [TopicPartition: Int64] {
        let ends: Set = [Int64(RD_KAFKA_OFFSET_BEGINNING), Int64(RD_KAFKA_OFFSET_END)]
        let found = try? handle.offsets(
            atTimes: offsets.filter { ends.contains($0.value) }, timeoutMilliseconds: 2_000)
        // What comes from now on is not to be passed over when a later assignment looks the end up again.
        for (partition, offset) in found ?? [:] where positions[partition] == .latest {
            positions[partition] = .offset(offset)
        }
        return offsets.merging(found ?? [:]) { _, offset in offset }
    }

    /// The committed offsets; `nil` if the group's coordinator does not answer now. The library then asks for as long
    /// as it takes, and a partition without a committed offset comes back through ``restartAtEarliest(_:)``.
    private func committedOrUnknown(_ partitions: [TopicPartition]) -> [TopicPartition: Int64]? {
        guard !partitions.isEmpty else { return [:] }
        do {
            return try committedOffsets(of: partitions, timeoutMilliseconds: 5_000)
        } catch {
            handle.callbacks.report(error)
            return nil
        }
    }
}
