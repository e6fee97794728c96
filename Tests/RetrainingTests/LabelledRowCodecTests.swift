import Testing
import Windowing

@Suite struct LabelledRowCodecTests {
    private static func rows() -> [LabelledRow] {
        var factory = RowFactory(seed: 3)
        var rows = factory.binary(3, concept: .positive) + factory.regression(2, slope: 1)
        rows[0].version = ""
        rows[1].label = "caf\u{e9} \u{1F30A}"
        rows[2].message = []
        rows[3].value = -0.0
        rows[4].predictionMicroseconds = .min
        return rows
    }

    @Test func roundTrip() throws {
        let rows = Self.rows()
        #expect(try LabelledRowCodec.decode(LabelledRowCodec.encode(rows)) == rows)
        #expect(try LabelledRowCodec.decode(LabelledRowCodec.encode([])).isEmpty)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = LabelledRowCodec.encode(Self.rows())
        for length in bytes.indices {
            #expect(throws: (any Error).self) { try LabelledRowCodec.decode(Array(bytes.prefix(length))) }
        }
    }

    /// Lengths and counts that no data can hold: an error, not a trap and not gigabytes.
    @Test func impossibleLengthsAreRefused() {
        let bytes = LabelledRowCodec.encode(Self.rows())
        for offset in [0, 4 + 5 * 8] {
            var damaged = bytes
            damaged.replaceSubrange(offset..<offset + 4, with: [255, 255, 255, 255])
            #expect(throws: (any Error).self) { try LabelledRowCodec.decode(damaged) }
        }
    }
}
