import Foundation
import Testing
import TidewatchTestKit

@testable import Events

@Suite struct JSONWriterTests {
    @Test func writesCommasWhereTheyBelong() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("a", "x")
        writer.field("absent", String?.none)
        writer.key("list")
        writer.beginArray()
        writer.integer(1)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.boolean(true)
        writer.endArray()
        writer.field("n", 0.5)
        writer.key("raw")
        writer.raw(json: Array("{}".utf8))
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self) == #"{"a":"x","list":[1,{},[],null,true],"n":0.5,"raw":{}}"#)
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (1, "1"), (0.1, "0.1"), (1e15, "1000000000000000"), (1e16, "1e+16"),
        (999_999_999_999_999, "999999999999999"),
        (1e-7, "1e-07"), (.nan, "null"), (.infinity, "null"), (-12.25, "-12.25"),
    ])
    func numbersAreShort(value: Double, expected: String) {
        var writer = JSONWriter()
        writer.number(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    /// What is written must be JSON to Foundation, an outside reader, and mean the same.
    @Test func anyStringAndAnyDoubleAreReadAgain() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let scalars = (0..<20).map { _ in
                let value = UInt32.random(in: 0..<(Bool.random(using: &generator) ? 0x80 : 0x1_1000), using: &generator)
                return Unicode.Scalar(value) ?? "x"
            }
            let text = String(String.UnicodeScalarView(scalars))
            let number = Double(bitPattern: generator.next())
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("text", text)
            writer.field("number", number.isFinite ? number : 0)
            writer.endObject()
            let read = try JSONDecoder().decode(Fields.self, from: Data(writer.bytes))
            #expect(Array(read.text.utf8) == Array(text.utf8))
            #expect(read.number == (number.isFinite ? number : 0))
        }
    }

    private struct Fields: Decodable {
        var text: String
        var number: Double
    }
}
