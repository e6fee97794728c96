import CRdKafka

extension EmbeddedBroker {
    /// The kinds of request that can be made to fail; the numbers are Kafka's.
    public enum Request: Int16, Sendable, CaseIterable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case leaveGroup = 13
        case syncGroup = 14
        case initProducerID = 22
    }

    /// How a request fails; the numbers are Kafka's.
    public struct Fault: Sendable, Hashable {
        public let number: Int32
        public init(number: Int32) { self.number = number }

        /// The broker hangs up.
        public static let disconnect = Fault(number: RD_KAFKA_RESP_ERR__TRANSPORT.rawValue)
        public static let offsetOutOfRange = Fault(number: 1)
        public static let unknownTopic = Fault(number: 3)
        public static let notLeader = Fault(number: 6)
        public static let requestTimedOut = Fault(number: 7)
        public static let coordinatorNotAvailable = Fault(number: 15)
        public static let notCoordinator = Fault(number: 16)
        public static let notEnoughReplicas = Fault(number: 19)
        public static let illegalGeneration = Fault(number: 22)
        public static let unknownMember = Fault(number: 25)
        public static let topicAuthorizationFailed = Fault(number: 29)
        public static let groupAuthorizationFailed = Fault(number: 30)
        public static let clusterAuthorizationFailed = Fault(number: 31)
        public static let fencedInstance = Fault(number: 82)
    }

    /// The next requests of this kind fail, one for each fault, in order.
    public func pushErrors(_ request: Request, _ faults: [Fault]) {
        let errors = faults.map { rd_kafka_resp_err_t(rawValue: $0.number) }
        rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, errors.count, errors)
    }

    /// Makes look-ups of a topic fail; `nil` makes them work again.
    public func setTopicError(_ topic: String, _ fault: Fault?) {
        rd_kafka_mock_topic_set_error(cluster, topic, rd_kafka_resp_err_t(rawValue: fault?.number ?? 0))
    }

    /// Cuts all connections and refuses new ones; `nil` is all brokers, which count from 1.
    public func setDown(broker: Int? = nil) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_down(cluster, Self.identifier(broker)), "broker could not be stopped")
    }

    /// Accepts connections again.
    public func setUp(broker: Int? = nil) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_up(cluster, Self.identifier(broker)), "broker could not be started")
    }

    /// Delays every answer.
    public func setRoundTripTime(milliseconds: Int, broker: Int? = nil) throws(KafkaError) {
        try check(
            rd_kafka_mock_broker_set_rtt(cluster, Self.identifier(broker), Int32(milliseconds)),
            "round-trip time could not be set")
    }

    private static func identifier(_ broker: Int?) -> Int32 { broker.map(Int32.init) ?? -1 }
}
