"""GGUF files: recognise them, and rewrite Q4_1 weights as Q8_0.

Reading prompts is most of what the embedded model does, and llama.cpp's kernels read them half
again as fast from 8-bit blocks as from the 4-bit ones in which the weights are published. The
values stay those of the 4-bit file to within a 254th of each block's largest.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from simulation.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_MAGIC: Final = b"GGUF"
_ALIGNMENT: Final = 32
_SCALAR_BYTES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING: Final = 8
_ARRAY: Final = 9
_BLOCK: Final = 32
_F32: Final = 0
_Q4_1: Final = 3
_Q8_0: Final = 8
_BLOCK_BYTES: Final = {_Q4_1: 20, _Q8_0: 34, _F32: 4 * _BLOCK}
_FILE_TYPE_KEY: Final = b"general.file_type"
_FILE_TYPE_Q8_0: Final = 7
_FILE_TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 32: "BF16",
}  # fmt: skip


def check_gguf(path: Path) -> Path:
    """Make sure that a file holds GGUF weights.

    Raises:
        WeightsError: It does not exist, cannot be read or is something else.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise WeightsError(
            f"cannot read the model weights: {error.strerror}", where=path
        ) from error
    if magic != _MAGIC:
        raise WeightsError(
            "not a GGUF file",
            where=path,
            hint="Give the path of a model in llama.cpp's GGUF format.",
        )
    return path


def quantisation(path: Path) -> str:
    """Name how a GGUF file's weights are stored: ``Q8_0``; ``unknown`` if it does not say."""
    try:
        with path.open("rb") as file:
            at = _read_header(file).file_type_at
            if at is None:
                return "unknown"
            file.seek(at)
            (number,) = struct.unpack("<I", file.read(4))
    except (OSError, struct.error) as error:
        raise WeightsError("cannot read the header of the weights", where=path) from error
    return _FILE_TYPES.get(number, f"type {number}")


def convert_to_q8_0(source: Path, target: Path) -> None:
    """Rewrite a Q4_1 file with Q8_0 weights; tensors in F32 or Q8_0 are copied.

    Raises:
        WeightsError: The source holds tensors of another type, or is cut short.
        OSError: The target cannot be written.
    """
    try:
        with source.open("rb") as reader, target.open("wb") as writer:
            header = _read_header(reader)
            _write_header(reader, writer, header)
            for tensor in header.tensors:
                reader.seek(header.data_at + tensor.offset)
                data = reader.read(tensor.size(tensor.type))
                if len(data) != tensor.size(tensor.type):
                    raise WeightsError("the weights are cut short", where=source)
                writer.write(_requantise(data) if tensor.type == _Q4_1 else data)
                _pad(writer)
    except struct.error as error:
        raise WeightsError("the weights are cut short", where=source) from error


@dataclass(frozen=True, kw_only=True)
class _Tensor:
    name: bytes
    shape: tuple[int, ...]
    type: int
    offset: int

    def size(self, as_type: int) -> int:
        """Bytes that it takes as a type."""
        count = 1
        for length in self.shape:
            count *= length
        if as_type not in _BLOCK_BYTES:
            raise WeightsError(f"tensor {self.name.decode()} has type {as_type}, not Q4_1")
        return -(-count * _BLOCK_BYTES[as_type] // _BLOCK)


@dataclass(frozen=True, kw_only=True)
class _Header:
    tensors: tuple[_Tensor, ...]
    metadata_end: int
    data_at: int
    file_type_at: int | None


def _read_header(file: BinaryIO) -> _Header:
    file.seek(len(_MAGIC))
    version, n_tensors, n_pairs = _unpack(file, "<IQQ")
    if version not in {2, 3}:
        raise WeightsError(f"GGUF version {version} is not supported")
    file_type_at = None
    for _ in range(n_pairs):
        key = _string(file)
        (kind,) = _unpack(file, "<I")
        if key == _FILE_TYPE_KEY:
            file_type_at = file.tell()
        _skip(file, kind)
    metadata_end = file.tell()
    tensors = tuple(_tensor(file) for _ in range(n_tensors))
    return _Header(
        tensors=tensors,
        metadata_end=metadata_end,
        data_at=_aligned(file.tell()),
        file_type_at=file_type_at,
    )


def _tensor(file: BinaryIO) -> _Tensor:
    name = _string(file)
    (dimensions,) = _unpack(file, "<I")
    shape = _unpack(file, f"<{dimensions}Q")
    kind, offset = _unpack(file, "<IQ")
    return _Tensor(name=name, shape=shape, type=kind, offset=offset)


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _string(file: BinaryIO) -> bytes:
    (length,) = _unpack(file, "<Q")
    return file.read(length)


def _skip(file: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        _string(file)
    elif kind == _ARRAY:
        element, count = _unpack(file, "<IQ")
        if element in _SCALAR_BYTES:
            file.seek(count * _SCALAR_BYTES[element], 1)
        else:
            for _ in range(count):
                _skip(file, element)
    else:
        file.seek(_SCALAR_BYTES[kind], 1)


def _write_header(reader: BinaryIO, writer: BinaryIO, header: _Header) -> None:
    reader.seek(0)
    metadata = bytearray(reader.read(header.metadata_end))
    if header.file_type_at is not None:
        struct.pack_into("<I", metadata, header.file_type_at, _FILE_TYPE_Q8_0)
    writer.write(metadata)
    for entry in _entries(header.tensors):
        writer.write(entry)
    _pad(writer)


def _entries(tensors: tuple[_Tensor, ...]) -> Iterator[bytes]:
    offset = 0
    for tensor in tensors:
        kind = _Q8_0 if tensor.type == _Q4_1 else tensor.type
        shape = struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape)
        yield struct.pack("<Q", len(tensor.name)) + tensor.name + shape
        yield struct.pack("<IQ", kind, offset)
        offset += _aligned(tensor.size(kind))


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _pad(writer: BinaryIO) -> None:
    at = writer.tell()
    writer.write(b"\0" * (_aligned(at) - at))


def _requantise(data: bytes) -> bytes:
    """Turn Q4_1 blocks (scale, minimum, 32 nibbles) into Q8_0 blocks (scale, 32 bytes)."""
    blocks = np.frombuffer(data, np.uint8).reshape(-1, _BLOCK_BYTES[_Q4_1])
    scale = _halves(blocks[:, 0:2])
    minimum = _halves(blocks[:, 2:4])
    nibbles = blocks[:, 4:]
    # Low nibbles are the first half of a block, high nibbles the second.
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32)
    values = levels * scale + minimum
    step = np.abs(values).max(axis=1, keepdims=True) / np.float32(127)
    per_step = np.divide(1, step, out=np.zeros_like(step), where=step > 0)
    rounded = np.rint(values * per_step).astype(np.int8)
    steps = np.ascontiguousarray(step.astype("<f2")).view(np.uint8).reshape(-1, 2)
    return np.concatenate([steps, rounded.view(np.uint8)], axis=1).tobytes()


def _halves(columns: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.ascontiguousarray(columns).view("<f2").astype(np.float32)
