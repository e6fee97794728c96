import CRdKafka
import Dispatch
import Synchronization

/// Wakes the library's fetchers when a full prefetch queue has room again.
///
/// librdkafka before 2.2 sleeps for up to a second once its queue is full, and nothing wakes it when the queue has been
/// emptied meanwhile (its issue 2879). Any request to a broker wakes the thread that fetches from it, and this one costs
/// next to nothing: where the partitions end. It goes to their leaders; followers (`client.rack`) are not woken.
///
/// Used by the polling thread alone; the question is asked on a thread of its own.
final class FetchWaker {
    /// The library's version from which on it need not be woken.
    static let endVersion: Int32 = 0x0202_0000
    /// As many partitions as have all their leaders among them, as a rule; the next ones have their turn the next time.
    private static let maximumAsked = 256
    private static let timeoutMilliseconds = 1_000

    private let handle: ClientHandle
    private var gauge: PrefetchGauge
    private let thread = DispatchQueue(label: "tidewatch.kafka.wake")
    private let isAsking = Flag()
    private var turn = 0

    /// - Parameter properties: what the client is configured with; `nil` where the library needs no waking.
    init?(handle: ClientHandle, properties: [String: String]) {
        guard rd_kafka_version() < Self.endVersion else { return nil }
        self.handle = handle
        gauge = PrefetchGauge(properties: properties)
    }

    /// Notes the size of messages that have been read.
    func note(_ batch: MessageBatch) {
        let (first, last) = (batch[0].value?.count ?? 0, batch[batch.count - 1].value?.count ?? 0)
        gauge.note(bytes: (first + last) / 2, count: batch.count)
    }

    /// Looks at the queue after a poll.
    ///
    /// - Parameters:
    ///   - waiting: messages in the queue now.
    ///   - taken: those that the poll has taken from it.
    ///   - partitions: those that are read.
    func look(waiting: Int, taken: Int, partitions: some Collection<TopicPartition>) {
        guard !isAsking.isUp, gauge.hasRoomAgain(waiting: waiting, taken: taken), !partitions.isEmpty else { return }
        let end = Int64(RD_KAFKA_OFFSET_END)
        let first = turn % partitions.count
        turn = first + Self.maximumAsked
        let inTurn = (Array(partitions.dropFirst(first)) + partitions.prefix(first)).prefix(Self.maximumAsked)
        let asked = Dictionary(inTurn.map { ($0, end) }) { first, _ in first }
        isAsking.raise()
        thread.async { [handle, isAsking] in
            defer { isAsking.lower() }
            // Whatever the answer is, the question has woken the fetchers.
            _ = try? handle.offsets(atTimes: asked, timeoutMilliseconds: Self.timeoutMilliseconds)
        }
    }

    /// Waits for the question under way, at most as long as its answer may take.
    func finish() { thread.sync {} }
}

/// A flag between two threads.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isUp: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
    func lower() { value.store(false, ordering: .releasing) }
}
