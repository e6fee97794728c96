import Testing
import TidewatchTestKit

@testable import Events

/// Most messages are read by their structural characters alone, the rest from a parsed document. A byte order mark sends a
/// message the second way, and changes nothing else: so each way is the other's oracle.
@Suite struct StructuralReadingTests {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Decodes in both ways; they must agree.
    private func decode(
        _ json: String, with decoder: EventDecoder, location: SourceLocation = #_sourceLocation
    ) -> Result<Decoded, Rejected> {
        let message = Array(json.utf8)
        let result = decoder.decode(message)
        #expect(decoder.decode(Self.byteOrderMark + message) == result, "\(json)", sourceLocation: location)
        return result
    }

    private func feature(_ text: String, with decoder: EventDecoder) throws -> String? {
        let message = #"{"kind":"prediction","id":"a","features":{"x":\#(text)}}"#
        return try decode(message, with: decoder).get().features.first
    }

    /// Swift's own reading is the outside oracle: rounded correctly, to the last bit.
    @Test func numbersAreReadToTheLastBit() throws {
        let decoder = EventDecoder(limits: EventLimits())
        var generator = SeededGenerator(seed: 7)
        var texts = [
            "0", "-0", "-0.0", "1", "-1", "0.1", "0.30000000000000004", "9007199254740993", "9007199254740993.0",
            "123456789012345678", "1234567890123456789", "18446744073709551615", "-9223372036854775808",
            "1.7976931348623157e308", "2.2250738585072014e-308", "5e-324", "4.9e-324", "1e-400", "1E5", "1e+5", "12e0",
            "0.000000000000000000000012345678901234567890", "123456789.123456789", "8.5", "12345678", "12345678.9",
        ]
        for _ in 0..<5_000 {
            let digits = Int.random(in: 1...19, using: &generator)
            let number = UInt64.random(in: 0 ... .max, using: &generator)
            texts.append(
                "\(Double(bitPattern: number & ~(0x7FF << 52) | UInt64.random(in: 700...1_400, using: &generator) << 52))"
            )
            texts.append("\(number % 1_000_000).\("\(number)".prefix(digits))")
            texts.append("-\("\(number)".prefix(digits))")
        }
        for text in texts {
            let wanted = try #require(Double(text))
            // An integer has no sign of its own at zero.
            #expect(try feature(text, with: decoder) == "x=\(text == "-0" ? 0 : wanted)", "\(text)")
        }
    }

    @Test(arguments: [
        "01", "1.", ".5", "+1", "1e", "1e+", "--1", "1a", "0x1", "Infinity", "1 2", #"1"b""#, "tru", "truex", "nul",
        "falsy",
        "1e999", #""a""b""#, #""a"b"#, "", "[1", "]", ":", "1\u{0C}", "1\u{1A}",
    ])
    func whatIsNoValueIsNone(text: String) {
        let decoder = EventDecoder(limits: EventLimits())
        let message = #"{"kind":"prediction","id":"a","features":{"x":\#(text)}}"#
        if case .success(let event) = decode(message, with: decoder) { Issue.record("\(text) was \(event.features)") }
    }

    @Test(arguments: [
        "{}", "{", "}", "[]", "1", #"{"a"}"#, #"{"a":}"#, #"{,}"#, #"{"kind":"prediction","id":"a",}"#,
        #"{"kind":"prediction","id":"a"}}"#, #"{"kind":"prediction","id":"a"}{}"#, #"{"kind":"prediction" "id":"a"}"#,
        #"{"kind":"prediction","id":"a","features":{"x":1}"#, #"{"kind":"prediction","id":"a","features":{"x":1,}}"#,
    ])
    func whatIsNoEventIsNone(message: String) {
        if case .success = decode(message, with: EventDecoder(limits: EventLimits())) { Issue.record("\(message)") }
    }

    @Test(arguments: [
        #"{ "kind" : "outcome" , "id" : "a b " , "label" : true }"#,
        "{\n\t\"id\":\"a\",\r\n\"kind\":\"outcome\",\"value\":1 }\n",
        #"{"kind":"outcome","id":7,"label":"x","extra":{"y":[1,{"z":null}]},"more":2}"#,
        #"{"kind":"prediction","id":"a","features":{"x":{},"y":[],"x":1,"z":" NA ","w":"é"},"scores":{"a":0.5,"a":null}}"#,
        #"{"kind":"prediction","id":"a","features":{},"features":{"x":null},"scores":{},"version":1.0,"unit":2.5}"#,
        #"{"kind":"prediction","id":"a","segment":"s","ranking":3,"features":null,"model":null,"revision":2.0}"#,
    ])
    func bothWaysAgree(message: String) throws {
        _ = try decode(message, with: EventDecoder(limits: EventLimits())).get()
    }

    /// The names of the message before are only a guess.
    @Test func namesMayChangeFromMessageToMessage() throws {
        let decoder = EventDecoder(limits: EventLimits())
        let orders = [
            ["a", "b", "c"], ["a", "b", "c"], ["a", "c", "b"], ["a", "b"], ["a", "b", "c", "d"], ["a", "a", "b"], [],
            ["name_of_16_bytes", "name_of_16_bytez", "a", "ab"], ["name_of_16_bytes", "name_of_16_bytes", "ab", "a"],
        ]
        for order in orders + orders.reversed() {
            let features = order.enumerated().map { #""\#($0.element)":\#($0.offset)"# }.joined(separator: ",")
            let message =
                #"{"kind":"prediction","id":"a","features":{\#(features)},"scores":{\#(features.isEmpty ? "" : #""n":1"#)}}"#
            var last: [String: Int] = [:]
            for (position, name) in order.enumerated() { last[name] = position }
            var distinct: [String] = []
            for name in order where !distinct.contains(name) { distinct.append(name) }
            let event = try decode(message, with: decoder).get()
            #expect(event.features == distinct.map { "\($0)=\(Double(last[$0] ?? -1))" })
        }
    }
}
