import KafkaClient
import Testing

@Suite struct KafkaPropertyTests {
    @Test func theLibraryKnowsItsProperties() {
        let names = KafkaProperty.names
        #expect(names.count > 100)
        for name in ["security.protocol", "sasl.username", "fetch.wait.max.ms", "linger.ms", "message.timeout.ms"] {
            #expect(names.contains(name), "\(name)")
            #expect(KafkaProperty.problem(name: name, value: "x") != .unknownName)
        }
    }

    @Test func namesAndValuesAreChecked() {
        #expect(KafkaProperty.problem(name: "security.protocol", value: "sasl_ssl") == nil)
        #expect(KafkaProperty.problem(name: "security.protocl", value: "ssl") == .unknownName)
        guard case .badValue(let reason)? = KafkaProperty.problem(name: "fetch.wait.max.ms", value: "soon") else {
            Issue.record("a text is taken for a time")
            return
        }
        #expect(reason.contains("fetch.wait.max.ms"))
    }
}
