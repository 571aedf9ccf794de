"""What a finished page really shows: its pixels at the printer's resolution, read by ZXing."""
import hashlib
from dataclasses import dataclass
from functools import cached_property

from .symbology import DOTS

DARK = 150
"""Grey below which a pixel becomes a printed dot."""

INVERTED = bytes(range(255, -1, -1))


@dataclass(frozen=True)
class Image:
    """Printed dots: ``data`` is one byte a pixel, 0 dark and 255 light, row by row."""

    width: int
    height: int
    data: bytes

    @cached_property
    def packed(self):
        """Rows of bits, 1 dark, each row filled up to whole bytes."""
        import PIL.Image
        picture = PIL.Image.frombytes('L', (self.width, self.height), self.data)
        return picture.point(INVERTED).convert('1', dither=PIL.Image.Dither.NONE).tobytes()

    def digest(self):
        """Return the SHA-256 of size and dots."""
        head = f'{self.width}x{self.height}:'.encode()
        return hashlib.sha256(head + self.packed).hexdigest()


def images(pdf, dpi):
    """Yield ``(Image, text)`` of each page of a PDF: its dots and the text that it holds."""
    import pypdfium2
    document = pypdfium2.PdfDocument(pdf)
    threshold = bytes(0 if value < DARK else 255 for value in range(256))
    for page in document:
        scale = DOTS[dpi] * 25.4 / 72
        width, height = (round(length * scale) for length in page.get_size())
        bitmap = page.render(scale=scale, grayscale=True, optimize_mode='print')
        stride, buffer = bitmap.stride, bytes(bitmap.buffer)
        data = b''.join(buffer[row * stride:row * stride + width] for row in range(height))
        text = page.get_textpage()
        yield Image(width, height, data.translate(threshold)), text.get_text_bounded()
        bitmap.close()
        page.close()
    document.close()


def read(image):
    """Return ``(data, symbology identifier)`` of every symbol found on a whole label.

    The reader is told nothing of the kind, place, direction or content of the symbol. It looks at
    the image as it is: neither inverted nor made smaller, which no scanner of paper needs.
    """
    import zxingcpp
    view = memoryview(image.data).cast('B', (image.height, image.width))
    return [(found.bytes.decode('latin-1'), found.symbology_identifier)
            for found in zxingcpp.read_barcodes(
                view, text_mode=zxingcpp.TextMode.Plain, try_invert=False, try_downscale=False)]
