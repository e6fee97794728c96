import Testing
import TidewatchTestKit

@testable import Events

@Suite struct EventIdentifierTests {
    /// Golden values of python-mmh3 5, `mmh3.hash64(bytes, seed=0, x64arch=True, signed=False)`.
    @Test(
        arguments: [
            ("", 0x0, 0x0),
            ("a", 0x8555_5565_F659_7889, 0xE6B5_3A48_510E_895A),
            ("p-81f3", 0x689C_FEBA_E319_14EB, 0x989F_DECE_AD8E_402),
            ("hello", 0xCBD8_A7B3_41BD_9B02, 0x5B1E_906A_48AE_1D19),
            ("0123456789abcde", 0xA62D_D5F6_C0BF_2351, 0x4FCC_F50C_7C54_4CF0),
            ("0123456789abcdef", 0x4BE0_6D94_CF4A_D1A7, 0x87C3_5B5C_63A7_08DA),
            ("0123456789abcdefg", 0x8E32_612D_AA45_F9DE, 0x800_F4C2_06C3_72EE),
            ("The quick brown fox jumps over the lazy dog", 0xE34B_BC7B_BC07_1B6C, 0x7A43_3CA9_C49A_9347),
            ("événement-€", 0x2E5B_C77D_63B1_B652, 0x78C8_EA9A_AC0F_B120),
        ] as [(String, UInt64, UInt64)])
    func isMurmurHash3(text: String, high: UInt64, low: UInt64) {
        #expect(EventIdentifier(hashing: text) == EventIdentifier(high: high, low: low))
    }

    @Test func readsLongInputsToTheirLastByte() {
        let bytes = (0...255).map { UInt8($0) }
        let identifier = bytes.withUnsafeBytes { EventIdentifier(hashing: $0) }
        #expect(identifier == EventIdentifier(high: 0x1C99_C313_DC6F_12B9, low: 0x70D6_077F_AB34_CC1E))
        var seen: Set<EventIdentifier> = [identifier]
        for position in bytes.indices {
            var other = bytes
            other[position] ^= 1
            #expect(seen.insert(other.withUnsafeBytes { EventIdentifier(hashing: $0) }).inserted)
        }
    }

    /// The sample of rows is chosen by the order of identifiers, which therefore must be uniform.
    @Test func isUniformOverConsecutiveIDs() {
        var counts = [Int](repeating: 0, count: 64)
        for number in 0..<64_000 { counts[Int(EventIdentifier(hashing: "p-\(number)").high >> 58)] += 1 }
        let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 }
        // 63 degrees of freedom: the 99.99 % point is 113.
        #expect(chiSquare < 113)
    }

    @Test func isOrderedByItsHalves() {
        #expect(EventIdentifier(high: 1, low: 9) < EventIdentifier(high: 2, low: 0))
        #expect(EventIdentifier(high: 1, low: 1) < EventIdentifier(high: 1, low: 2))
        #expect(!(EventIdentifier(high: 1, low: 1) < EventIdentifier(high: 1, low: 1)))
    }
}
