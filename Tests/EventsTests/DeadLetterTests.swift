import Testing

@testable import Events

@Suite struct DeadLetterTests {
    private let letter = DeadLetter(
        topic: "predictions", partition: 3, offset: 1_234, reason: .badField, field: .weight, key: Array("p-1".utf8),
        value: Array("{}".utf8))

    @Test func carriesWhereItCameFromAndWhy() {
        let record = letter.record(topic: "dead")
        #expect(record.topic == "dead" && record.key == "p-1" && record.value == Array("{}".utf8))
        let headers = Dictionary(record.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        #expect(
            headers == [
                "tidewatch-reason": "bad_field", "tidewatch-advice": RejectionReason.badField.advice,
                "tidewatch-topic": "predictions", "tidewatch-partition": "3", "tidewatch-offset": "1234",
                "tidewatch-field": "weight",
            ])
    }

    @Test func isCutToWhatABrokerTakes() {
        var large = letter
        large.value = Array(repeating: 0x78, count: 10 << 20)
        let record = large.record(topic: "dead")
        #expect(record.value?.count == 900_000)
        #expect(record.headers.contains { $0.name == "tidewatch-original-bytes" && $0.value == "10485760" })
    }

    @Test func aTombstoneAndBytesThatAreNoTextGoThrough() {
        var odd = letter
        odd.value = nil
        odd.key = [0xFF, 0x61]
        let record = odd.record(topic: "dead")
        #expect(record.value == [])
        #expect(record.key == "\u{FFFD}a")
    }
}
