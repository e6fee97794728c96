import CRdKafka

/// A member of a consumer group. Everything happens on the one thread that polls; the batches may go to other threads.
///
/// Offsets are neither stored nor committed by the library: the owner says where to begin and what to commit.
/// The owner is kept until ``close()``.
public final class KafkaConsumer {
    /// The most messages that one poll hands out.
    public static let maximumBatch = 100_000

    let handle: ClientHandle
    let readsCommitted: Bool
    var owner: (any PartitionOwner)?
    /// Where each assigned partition goes on: what follows the last message handed out.
    var positions: [TopicPartition: StartPosition] = [:]
    var rebalanceInPoll = RebalanceInPoll()
    var parsedStatistics = ConsumerStatistics()
    private var splitter = BatchSplitter()
    private var gate = ErrorGate()
    private let waker: FetchWaker?
    private var queue: OpaquePointer?
    private var buffer: UnsafeMutableBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>?>

    /// Starts the client and subscribes; neither waits for a broker.
    ///
    /// - Throws: a configuration error that names the property.
    public convenience init(settings: ConsumerSettings, owner: any PartitionOwner) throws(KafkaError) {
        try self.init(starting: settings, owner: owner)
        let topics = PartitionList(settings.topics.map { TopicPartition(topic: $0, partition: -1) })
        let result = rd_kafka_subscribe(handle.client, topics.pointer)
        guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(result, "cannot subscribe to \(settings.topics.joined(separator: ", "))")
        }
    }

    /// Starts the client without subscribing.
    init(starting settings: ConsumerSettings, owner: (any PartitionOwner)?) throws(KafkaError) {
        let callbacks = ClientCallbacks(logHandler: settings.logHandler)
        let properties = try settings.resolvedProperties()
        let configuration = try Configuration.make(properties: properties, callbacks: callbacks)
        configuration.handleRebalances()
        let client = try configuration.start(RD_KAFKA_CONSUMER)
        handle = ClientHandle(takingOwnership: client, callbacks: callbacks)
        waker = FetchWaker(handle: handle, properties: properties)
        readsCommitted = properties["isolation.level"] != "read_uncommitted"
        self.owner = owner
        buffer = .allocate(capacity: 4096)
        // Statistics, errors and rebalances then come through the one queue that is polled.
        rd_kafka_poll_set_consumer(client)
        queue = rd_kafka_queue_get_consumer(client)
        callbacks.rebalance = { [unowned self] event, partitions in rebalance(event, partitions) }
    }

    deinit {
        handle.callbacks.rebalance = nil
        if let queue { rd_kafka_queue_destroy(queue) }
        buffer.deallocate()
    }

    /// Waits until there is something, then returns all that is there, up to `maximum` messages.
    ///
    /// Call it at least once per `max.poll.interval.ms` (5 minutes unless set otherwise). To slow the stream down, poll
    /// less often.
    ///
    /// - Parameters:
    ///   - maximum: the most messages, ends and errors together, in 1...``maximumBatch``.
    ///   - timeoutMilliseconds: how long to wait when nothing is there; 0 does not wait.
    /// - Returns: at most one batch for each partition, followed by the other events.
    /// - Throws: a fatal error, after which the client must be closed; `closed` after ``close()``.
    public func poll(maximum: Int, timeoutMilliseconds: Int) throws(KafkaError) -> [ConsumerEvent] {
        guard let queue else { throw KafkaError(.closed, "poll after close") }
        if let fatal = handle.callbacks.fatalError { throw fatal }
        let limit = min(max(maximum, 1), Self.maximumBatch)
        reserve(limit)
        rebalanceInPoll = RebalanceInPoll()
        var count = consume(queue, into: 0, limit: limit, timeoutMilliseconds: 0)
        if count == 0, timeoutMilliseconds > 0 {
            // The batch call waits for a full batch; waiting for one message and taking the rest keeps latency low.
            count = consume(queue, into: 0, limit: 1, timeoutMilliseconds: timeoutMilliseconds)
            if count > 0 { count += consume(queue, into: count, limit: limit - count, timeoutMilliseconds: 0) }
        }
        if rebalanceInPoll.hasRevoked {
            dropMessages(count)
            count = 0
            if rebalanceInPoll.hasAssignedAfterRevoke { reassign() }
        }
        let events = events(count)
        waker?.look(waiting: rd_kafka_queue_length(queue), taken: count, partitions: positions.keys)
        return events
    }

    private func consume(_ queue: OpaquePointer, into start: Int, limit: Int, timeoutMilliseconds: Int) -> Int {
        guard limit > 0 else { return 0 }
        let free = buffer.baseAddress.map { $0 + start }
        return max(0, rd_kafka_consume_batch_queue(queue, Int32(timeoutMilliseconds), free, limit))
    }

    private func reserve(_ count: Int) {
        guard buffer.count < count else { return }
        buffer.deallocate()
        buffer = .allocate(capacity: count)
    }

    /// Messages that one call has gathered around a revocation belong to nobody: the state they would have gone into
    /// is already durable without them, and whoever owns the partition reads them again.
    private func dropMessages(_ count: Int) {
        for index in 0..<count {
            if let message = buffer[index] { rd_kafka_message_destroy(message) }
        }
    }

    private func events(_ count: Int) -> [ConsumerEvent] {
        var events: [ConsumerEvent] = []
        if count > 0, let messages = buffer.baseAddress {
            let result = splitter.split(messages, count: count, handle: handle)
            events.reserveCapacity(result.batches.count + result.ends.count)
            for batch in result.batches {
                gate.recover(topic: batch.topicPartition.topic)
                waker?.note(batch)
                advance(batch.topicPartition, to: batch.nextOffset)
                events.append(.batch(batch))
            }
            for end in result.ends {
                gate.recover(topic: end.topicPartition.topic)
                advance(end.topicPartition, to: end.offset)
                events.append(.endOfPartition(end.topicPartition, end.offset))
            }
            // Where the beginning was looked up a moment ago and has gone since, nothing that was counted on is lost.
            for reset in result.resets where reset.offset >= 0 && positions[reset.topicPartition] != .earliest {
                events.append(.offsetOutOfRange(reset.topicPartition, reset.offset))
            }
            for error in result.errors { handle.callbacks.report(error) }
            restartAtEarliest(result.resets.map(\.topicPartition))
        }
        for error in handle.callbacks.takeErrors() where gate.admits(error) { events.append(.error(error)) }
        return events
    }

    private func advance(_ partition: TopicPartition, to offset: Int64) {
        if positions[partition] != nil { positions[partition] = .offset(offset) }
    }

    // MARK: - Close

    /// Leaves the group (the owner is asked to give its partitions up) and ends the client, each within 10 s.
    ///
    /// Batches that are still alive stay readable; the client's threads and sockets end with the last of them.
    ///
    /// - Returns: what did not end in time or could not be committed; the rest was done all the same.
    @discardableResult public func close() -> KafkaError? {
        guard let queue else { return nil }
        self.queue = nil
        rd_kafka_queue_destroy(queue)  // the library wants its reference back before the group is left
        var problem = leaveGroup()
        handle.callbacks.rebalance = nil
        owner = nil
        positions = [:]
        waker?.finish()
        for error in handle.callbacks.takeErrors() where error.code != .transport && error.code != .allBrokersDown {
            problem = problem ?? error
        }
        return handle.close(waitSeconds: 10) ?? problem
    }

    /// `rd_kafka_consumer_close` has no limit; this does the same with a queue of our own, at most 10 s of waiting.
    private func leaveGroup() -> KafkaError? {
        guard let closing = rd_kafka_queue_new(handle.client) else { return nil }
        defer { rd_kafka_queue_destroy(closing) }
        if let failure = rd_kafka_consumer_close_queue(handle.client, closing) {
            defer { rd_kafka_error_destroy(failure) }
            return KafkaError(rd_kafka_error_code(failure), "the group could not be left")
        }
        for _ in 0..<500 where rd_kafka_consumer_closed(handle.client) == 0 {
            dropMessages(consume(closing, into: 0, limit: buffer.count, timeoutMilliseconds: 20))
        }
        guard rd_kafka_consumer_closed(handle.client) == 0 else { return nil }
        return KafkaError(.timedOut, "the group could not be left within 10 s; its partitions move at session timeout")
    }
}
