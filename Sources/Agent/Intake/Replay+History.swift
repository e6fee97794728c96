import Events
import KafkaClient
import Windowing

extension Replay {
    /// Takes a topic's whole history, partition by partition as a running agent does.
    ///
    /// A stream that has come to its end hands over what is open and holds the others' windows back no longer.
    public func run(_ history: TopicHistory, observer: (AgentEvent) -> Void) throws {
        let sharesOneTopic = Set(history.streams.map(\.topicPartition.topic)).count == 1
        for gap in history.gaps { observer(.problem(gap)) }
        expect(history.partitions)
        for partition in history.partitions { _ = pipeline(of: partition, sharesOneTopic: sharesOneTopic) }
        var ended: Set<TopicPartition> = []
        var said = 0
        while true {
            let messages = try history.next(maximum: 2_000)
            for notice in history.notices[said...] { observer(.problem(notice)) }
            said = history.notices.count
            let touched = take(messages, sharesOneTopic: sharesOneTopic)
            for partition in touched {
                report(pipeline(of: partition, sharesOneTopic: sharesOneTopic).closePanes(), to: observer)
            }
            for place in history.finished where ended.insert(place).inserted {
                let pipeline = pipeline(of: place.partition, sharesOneTopic: sharesOneTopic)
                report(pipeline.end(history.role(of: place)), to: observer)
            }
            guard !messages.isEmpty else { return }
        }
    }

    /// Counts messages; returns their partitions.
    private func take(_ messages: [SourceMessage], sharesOneTopic: Bool) -> [Int32] {
        let touched = Set(messages.map(\.partition)).sorted()
        for partition in touched { pipeline(of: partition, sharesOneTopic: sharesOneTopic).refreshReferences() }
        for message in messages {
            let pipeline = pipeline(of: message.partition, sharesOneTopic: sharesOneTopic)
            let role = StreamRole(rawValue: message.source) ?? .predictions
            message.value.withUnsafeBytes { bytes in
                _ = pipeline.process(
                    message.isTombstone ? nil : bytes, from: role, offset: message.offset,
                    recordMicroseconds: message.timestampMicroseconds)
            }
        }
        return touched
    }
}
