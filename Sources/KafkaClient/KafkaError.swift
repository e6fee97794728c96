/// What went wrong in the Kafka client: what happened, where, and what to do about it.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure that call for different reactions.
    public enum Code: String, Sendable, CaseIterable {
        /// A property is unknown, has a bad value, or contradicts what the agent relies on.
        case configuration
        /// The broker refused the credentials.
        case authentication
        /// The credentials are good but may not do this.
        case authorization
        /// The TLS connection could not be made.
        case tls
        /// A broker cannot be reached.
        case transport
        /// No broker can be reached.
        case allBrokersDown = "all_brokers_down"
        /// The topic or partition does not exist (yet).
        case unknownTopic = "unknown_topic"
        case timedOut = "timed_out"
        /// The producer's bounded queue has no room.
        case queueFull = "queue_full"
        case messageTooLarge = "message_too_large"
        /// There is nothing at the offset that was asked for.
        case offsetOutOfRange = "offset_out_of_range"
        /// This member's place in the group has gone to others; the library joins again by itself.
        case staleMember = "stale_member"
        /// Another client with the same identity has taken over.
        case fenced
        /// `poll` was not called for longer than `max.poll.interval.ms`.
        case pollTooLate = "poll_too_late"
        /// The client is closed.
        case closed
        /// A passing condition inside the cluster, such as a leader election.
        case clusterChange = "cluster_change"
        /// Data arrived damaged.
        case corrupt
        case other
    }

    public let code: Code
    /// The library's error number: negative for its own errors, positive for the broker's, 0 for this client's.
    public let number: Int32
    /// What happened and where.
    public let message: String
    /// Whether the same thing may succeed later without anybody changing anything.
    public let isRetryable: Bool
    /// Whether the client can no longer be used at all.
    public let isFatal: Bool
    /// The partition concerned, where there is one.
    public let topicPartition: TopicPartition?

    public init(
        _ code: Code, _ message: String, number: Int32 = 0, isRetryable: Bool? = nil, isFatal: Bool = false,
        topicPartition: TopicPartition? = nil
    ) {
        self.code = code
        self.number = number
        self.message = message
        self.isRetryable = !isFatal && (isRetryable ?? code.isUsuallyRetryable)
        self.isFatal = isFatal
        self.topicPartition = topicPartition
    }

    public var description: String {
        let place = topicPartition.map { " at \($0)" } ?? ""
        return "Kafka: \(message)\(place) (\(code.rawValue)). \(isFatal ? Self.fatalAdvice : code.advice)"
    }

    private static let fatalAdvice = "This client cannot go on; restart the process."
}

extension KafkaError.Code {
    var isUsuallyRetryable: Bool {
        switch self {
        case .transport, .allBrokersDown, .unknownTopic, .timedOut, .queueFull, .clusterChange, .corrupt, .pollTooLate:
            true
        case .configuration, .authentication, .authorization, .tls, .messageTooLarge, .offsetOutOfRange, .staleMember,
            .fenced, .closed, .other:
            false
        }
    }

    /// What the reader of the message can do.
    var advice: String {
        switch self {
        case .configuration: "Correct the property; the names are those of librdkafka's CONFIGURATION.md."
        case .authentication: "Check the security.protocol and sasl.* properties and the account."
        case .authorization: "Ask for the missing permission on the topic or group."
        case .tls: "Check the ssl.* properties, the certificates, and that the port speaks TLS."
        case .transport, .allBrokersDown: "Check the address and that the broker runs; it is tried again without end."
        case .unknownTopic: "Create the topic or correct its name; it is looked up again by itself."
        case .timedOut: "Try again; if it stays, look at the broker's load and the network."
        case .queueFull: "Send more slowly, or raise queue.buffering.max.messages or queue.buffering.max.kbytes."
        case .messageTooLarge: "Send less in one message, or raise message.max.bytes here and on the topic."
        case .offsetOutOfRange: "Retention has removed it or the topic was made anew; results miss what is gone."
        case .staleMember: "Nothing: the group is joined again and reading goes on from the checkpoint."
        case .fenced: "Give each process an instance identifier of its own."
        case .pollTooLate: "Process less between two polls, or raise max.poll.interval.ms."
        case .closed: "Nothing can be done with a closed client."
        case .clusterChange: "Nothing: it passes by itself."
        case .corrupt: "It is fetched again; if it stays, check the broker's disks."
        case .other: "See the broker's log."
        }
    }
}
