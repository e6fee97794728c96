import CRdKafka

extension KafkaProducer {
    /// Creates a topic where there is none of the name. One that is there stays as it is.
    ///
    /// - Parameters:
    ///   - configuration: topic properties, for example `cleanup.policy`.
    /// - Returns: whether the brokers take such requests; the embedded broker does not.
    /// - Throws: `KafkaError`: not authorised, a property that the brokers refuse, no answer.
    @discardableResult public func createTopic(
        _ name: String, partitions: Int, configuration: [String: String] = [:], timeoutMilliseconds: Int = 10_000
    ) throws(KafkaError) -> Bool {
        let client = try handle.borrow()
        defer { handle.giveBack() }
        // −1: as many replicas as the cluster gives a new topic.
        var topic = rd_kafka_NewTopic_new(name, Int32(partitions), -1, nil, 0)
        guard topic != nil else {
            throw KafkaError(.configuration, "topic '\(name)' with \(partitions) partition(s) cannot be made")
        }
        defer { rd_kafka_NewTopic_destroy(topic) }
        for (key, value) in configuration.sorted(by: { $0.key < $1.key }) {
            let result = rd_kafka_NewTopic_set_config(topic, key, value)
            guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(result, "topic property '\(key)'") }
        }
        guard let answers = rd_kafka_queue_new(client) else { return false }
        defer { rd_kafka_queue_destroy(answers) }
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_request_timeout(options, Int32(timeoutMilliseconds), nil, 0)
        rd_kafka_CreateTopics(client, &topic, 1, options, answers)
        guard let answer = rd_kafka_queue_poll(answers, Int32(timeoutMilliseconds) + 1_000) else {
            throw KafkaError(.timedOut, "no answer to the creation of topic '\(name)'")
        }
        defer { rd_kafka_event_destroy(answer) }
        let failure = rd_kafka_event_error(answer)
        if failure == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE { return false }
        guard failure == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(failure, "topic '\(name)' could not be created")
        }
        var count = 0
        guard let result = rd_kafka_event_CreateTopics_result(answer),
            let topics = rd_kafka_CreateTopics_result_topics(result, &count), count > 0, let created = topics[0]
        else { return true }
        let error = rd_kafka_topic_result_error(created)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS else {
            throw KafkaError(error, "topic '\(name)' could not be created")
        }
        return true
    }
}
