import Testing

@testable import Events

@Suite struct CloudEventTests {
    @Test func isARecordInKafkasBinaryMode() {
        let event = CloudEvent(
            id: "17", source: "/tidewatch/a", type: "tidewatch.drift.detected", subject: "fraud",
            timeMicroseconds: 1_795_341_600_123_000, data: Array("{}".utf8))
        let expected = PublishedRecord(
            topic: "tidewatch.events", key: "fraud", value: Array("{}".utf8),
            headers: [
                (name: "ce_id", value: "17"), (name: "ce_source", value: "/tidewatch/a"),
                (name: "ce_specversion", value: "1.0"), (name: "ce_type", value: "tidewatch.drift.detected"),
                (name: "ce_subject", value: "fraud"), (name: "ce_time", value: "2026-11-22T10:00:00.123Z"),
                (name: "content-type", value: "application/json"),
            ])
        #expect(event.record(topic: "tidewatch.events", key: "fraud") == expected)
        var other = event
        other.subject = nil
        #expect(other.record(topic: "t", key: "k").headers.count == 6)
    }
}
