/// Lets each error through once until the client works again; the library repeats itself at every attempt.
struct ErrorGate {
    private struct Key: Hashable {
        let code: KafkaError.Code
        let topicPartition: TopicPartition?
    }

    private var reported: Set<Key> = []

    mutating func admits(_ error: KafkaError) -> Bool {
        reported.insert(Key(code: error.code, topicPartition: error.topicPartition)).inserted
    }

    /// Messages of a topic flow: a later failure of the connection or of that topic is a new one.
    mutating func recover(topic: String) {
        guard !reported.isEmpty else { return }
        reported = reported.filter { key in
            guard let place = key.topicPartition else { return false }
            return place.topic != topic
        }
    }
}
