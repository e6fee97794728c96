import Foundation
import Testing

@testable import Alerting

struct StandardWebhookTests {
    @Test func theSpecificationsVectorIsMet() throws {
        let headers = StandardWebhook.sign(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestampSeconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8), secrets: [try WebhookSecret(vectorSecret)])
        #expect(
            headers == [
                "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ])
    }

    @Test func rotatedKeysSignEach() throws {
        let other = "whsec_" + Data(repeating: 7, count: 64).base64EncodedString()
        func signature(_ secrets: [String]) throws -> String? {
            StandardWebhook.sign(
                id: "a", timestampSeconds: 1, body: [], secrets: try secrets.map { try WebhookSecret($0) })[
                    "webhook-signature"]
        }
        let (first, second) = (try #require(try signature([vectorSecret])), try #require(try signature([other])))
        #expect(try signature([vectorSecret, other]) == "\(first) \(second)")
        #expect(try signature([]) == nil)
    }

    @Test(arguments: ["", "whsec_", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ="])
    func aBadSecretIsRefusedAndNotShown(_ text: String) {
        let error = #expect(throws: AlertingError.self) { try WebhookSecret(text) }
        #expect(error?.code == .badSecret)
        #expect(text.count < 8 || error?.description.contains(text.dropFirst(6)) == false)
    }

    @Test func aSecretIsNeverPrinted() throws {
        let secret = try WebhookSecret(vectorSecret)
        #expect("\(secret)" == "whsec_…" && String(reflecting: secret) == "whsec_…")
    }

    @Test(arguments: ["", "example.com", "ftp://example.com", "https://", "http:///x"])
    func anAddressThatIsNoneIsRefused(_ url: String) {
        let error = #expect(throws: AlertingError.self) {
            try WebhookEndpoint(name: "ops", url: url, secrets: [])
        }
        #expect(error?.code == .badEndpoint)
    }
}
